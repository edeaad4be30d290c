"""Look into a PDF: what it does by itself, what it holds beside its pages, what it tells of its makers.

Runs in the child (press.intake.worker), within its limits of memory and time.
"""

import logging
import warnings

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from press.intake.endings import ACTIVE
from press.intake.refusal import Unfit

MOST_OBJECTS = 300_000
# By the key or the value of any dictionary in the file, whether a page leads there or not.
FORBIDDEN_KEYS = {
    "/JavaScript": "runs_program",
    "/JS": "runs_program",
    "/XFA": "runs_program",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/RichMediaContent": "embedded",
}
FORBIDDEN_VALUES = {
    "/JavaScript": "runs_program",
    "/Launch": "runs_program",
    "/ImportData": "runs_program",
    "/SubmitForm": "runs_program",
    "/Rendition": "embedded",
    "/RichMedia": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
    "/FileAttachment": "embedded",
    "/EmbeddedFile": "embedded",
    "/GoToR": "points_outside",
    "/GoToE": "points_outside",
}
NAMES = {"/S", "/Subtype", "/Type"}


def examine(path):
    """What readers can find out from the PDF at `path`, as {what: text}. Raises Unfit."""
    data = path.read_bytes()
    _check_frame(data)
    logging.disable()
    warnings.simplefilter("ignore")
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Unfit("locked")
        if not len(reader.pages):
            raise Unfit("damaged_document")
        _check_objects(reader)
        return _told(reader)
    except RecursionError as error:
        raise Unfit("damaged_document") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise Unfit("damaged_document") from error


def _check_frame(data):
    """The file ends as a PDF does, and is no page or archive as well."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Unfit("damaged_document")
    if data[end + 5 :].strip(b"\x00\r\n ") or ACTIVE.search(data[:1024]) or b"PK\x05\x06" in data[-66_000:]:
        raise Unfit("two_files")


def _check_objects(reader):
    """Every object that the file lists, those in no page's reach too."""
    listed = {(number, generation) for generation, found in reader.xref.items() for number in found}
    listed |= {(number, 0) for number in reader.xref_objStm}
    if len(listed) > MOST_OBJECTS:
        raise Unfit("too_much")
    for number, generation in sorted(listed):
        if number:
            _check(reader.get_object(IndirectObject(number, generation, reader)))
    _check(reader.trailer)


def _check(thing, depth=0):
    if depth > 100:
        raise Unfit("damaged_document")
    if isinstance(thing, DictionaryObject):
        for key, value in thing.items():
            if key in FORBIDDEN_KEYS:
                raise Unfit(FORBIDDEN_KEYS[key])
            if key in NAMES and str(value) in FORBIDDEN_VALUES:
                raise Unfit(FORBIDDEN_VALUES[str(value)])
            if not isinstance(value, IndirectObject):
                _check(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            if not isinstance(value, IndirectObject):
                _check(value, depth + 1)


def _told(reader):
    about = reader.metadata or {}
    fields = {"author": about.get("/Author"), "title": about.get("/Title"), "program": about.get("/Creator")}
    told = {what: str(text).strip()[:200] for what, text in fields.items() if text and str(text).strip()}
    xmp = reader.xmp_metadata
    if "author" not in told and xmp and xmp.dc_creator:
        told["author"] = ", ".join(map(str, xmp.dc_creator))[:200]
    if any("/Annots" in page and _has_remark(page) for page in reader.pages):
        told["remarks"] = ""
    return told


def _has_remark(page):
    annotations = page["/Annots"] or []
    return any(each.get_object().get("/Subtype") in {"/Text", "/FreeText", "/Popup"} for each in annotations)
