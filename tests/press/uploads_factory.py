"""Uploads for tests: pictures and documents made here, harmless and hostile."""

import hashlib
import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from press.models import Attachment, Photo
from press.uploads import take_in
from tests.press.factory import make_message, make_officer, numbers

TYPES = "[Content_Types].xml"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</m:manifest>'


def picture(kind="JPEG", size=(64, 48), colour=None, **options):
    """The bytes of a picture, in a colour of its own unless one is given."""
    number = next(numbers)
    # Colours that are closer to each other can be the same once they are compressed.
    colour = colour or (number % 64 * 4, number // 64 % 64 * 4, 90)
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def package(parts):
    """A ZIP archive of (name, content) pairs; one called `mimetype` is not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def relations(kind, target, mode=' TargetMode="External"'):
    """A part that says what another one points to."""
    relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'


def office_open(*more, main=WORD, types="", body="<w:p/>", first=()):
    """A DOCX (or, by its `main` type, another document of that family)."""
    overrides = f'<Override PartName="/main.xml" ContentType="{main}"/>{types}'
    document = f'<w:document xmlns:w="w">{body}</w:document>'
    return package(
        [
            *first,
            (TYPES, f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{overrides}</Types>'),
            ("_rels/.rels", relations("officeDocument", "word/document.xml", "")),
            ("word/document.xml", document),
            *more,
        ]
    )


def open_document(*more, mimetype=ODT, body="", manifest="", first=()):
    """An ODT (or, by its `mimetype`, another document of that family)."""
    content = f"<office:document-content {OPEN}>{body}</office:document-content>"
    return package(
        [
            *first,
            ("mimetype", mimetype),
            ("content.xml", content),
            ("META-INF/manifest.xml", MANIFEST.format(manifest)),
            *more,
        ]
    )


def pdf(*acts, **metadata):
    """A PDF of one page; each of `acts` does something to its writer."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.metadata = {f"/{name}": text for name, text in metadata.items()} or None
    for act in acts:
        act(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def uploaded(content, name="garden.jpg"):
    """`content` as a form hands it over."""
    return SimpleUploadedFile(name, content)


def make_picture(name="garden.jpg", by=None, **options):
    """A StoredFile of a small picture; the same name gives the same picture."""
    colour = tuple(hashlib.sha256(name.encode()).digest()[:3])
    return take_in(uploaded(picture(colour=colour, **options), name), by or make_officer())


def make_document(name="programme.pdf", by=None, **metadata):
    """A StoredFile of a small PDF; the same name gives the same document."""
    return take_in(uploaded(pdf(Title=name, **metadata), name), by or make_officer())


def add_photo(message, file=None, **fields):
    """A picture of a message, described unless told otherwise."""
    described = {} if fields.get("is_decorative") else {"alt": "A gate in a garden."}
    position = message.photos.count()
    return Photo.objects.create(
        message=message, file=file or make_picture(), position=position, **{**described, **fields}
    )


def add_attachment(message, file=None, **fields):
    """A document of a message."""
    fields = {"title": "The programme", **fields}
    return Attachment.objects.create(
        message=message, file=file or make_document(), position=message.attachments.count(), **fields
    )


def make_illustrated(**fields):
    """A working copy with a lead picture, another picture and a document, whose words all begin with Z."""
    message = make_message(**fields)
    add_photo(message, make_picture("Zleadz.jpg"), is_lead=True, alt="Zaltz", caption="Zcaptionz", credit="Zcreditz")
    add_photo(message, make_picture("Zsecondz.png", kind="PNG"), is_decorative=True, caption="Zanotherz")
    add_attachment(message, make_document("Zprogrammez.pdf"), title="Ztitlez", note="Znotez", language="ru")
    return message


def addresses_of(message):
    """Every address of every rendition of what a stored or scheduled edition of `message` carries."""
    files = [file for edition in message.editions.all() for file in edition.carried]
    return sorted({f"/files/{made['sha256']}/{file.name}{made['suffix']}" for file in files for made in file.made})
