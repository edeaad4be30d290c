"""The kinds of file that may be published, told by their content. Nothing here needs Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what people call it, its media type, and how its names may end (the first is ours)."""

    name: str
    media_type: str
    suffixes: tuple
    is_picture: bool = False


JPEG = FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg"), is_picture=True)
PNG = FileKind("PNG", "image/png", (".png",), is_picture=True)
WEBP = FileKind("WebP", "image/webp", (".webp",), is_picture=True)
AVIF = FileKind("AVIF", "image/avif", (".avif",), is_picture=True)
PDF = FileKind("PDF", "application/pdf", (".pdf",))
DOCX = FileKind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileKind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
ODT = FileKind("ODT", "application/vnd.oasis.opendocument.text", (".odt",))
ODS = FileKind("ODS", "application/vnd.oasis.opendocument.spreadsheet", (".ods",))

PICTURES = (JPEG, PNG, WEBP, AVIF)
DOCUMENTS = (PDF, DOCX, ODT, XLSX, ODS)
KINDS = {kind.name: kind for kind in (*PICTURES, *DOCUMENTS)}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS.values()}
# DOCX, XLSX, ODT and ODS are told apart by what is inside (press.intake.packages).
PACKAGE = "ZIP"

AVIF_BRANDS = {b"avif", b"avis"}
# How what we do not publish begins; officers are told what it is.
FOREIGN = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)
HEAD = 1024


def kind_by_content(head):
    """The kind that the first HEAD bytes of a file belong to: a FileKind, PACKAGE, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if _brands(head) & AVIF_BRANDS:
        return AVIF
    if head.startswith(b"%PDF-"):
        return PDF
    return PACKAGE if head.startswith(b"PK\x03\x04") else None


def foreign_by_content(head):
    """What a file is that we do not publish, in a word people know; "" if that cannot be told."""
    for beginning, name in FOREIGN:
        if head.startswith(beginning):
            return name
    if _brands(head) & {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        return "HEIC"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<body", b"<head")):
        return "HTML"
    return "XML" if text.startswith(b"<?xml") else ""


def _brands(head):
    """The brands of an ISO base media file: the major one and those it is compatible with."""
    if head[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[at : at + 4] for at in (8, *range(16, size - 3, 4))}
