"""Look into DOCX, XLSX, ODT and ODS without believing them: they are ZIP archives of XML.

What they say elsewhere (in settings, in links to other files) is not followed. Runs in the child
(press.intake.worker), within its limits of memory and time.
"""

import re
import struct
import zipfile
from posixpath import normpath

from lxml import etree

from press.intake.kinds import DOCX, ODS, ODT, XLSX
from press.intake.refusal import Unfit

END_RECORD = struct.Struct("<4s4H2LH")
MOST_PARTS = 5_000
# Of all parts together, unpacked; and of one that is read here.
MOST_BYTES, MOST_READ = 300 * 1024 * 1024, 60 * 1024 * 1024
# Text shrinks to a tenth or a twentieth; what shrinks to a thousandth is made to burst.
MOST_SHRUNK = 200
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
OPEN_DOCUMENT = {kind.media_type.encode(): kind for kind in (ODT, ODS)}
MACROS = re.compile(r"vba|macro|activex|(^|/)(basic|scripts|dialogs|macrosheets|dialogsheets)/|customui", re.IGNORECASE)
EMBEDDED = re.compile(r"(^|/)embeddings/|oleobject|(^|/)package/|^object [0-9]+$|\.(bin|exe|dll|js|vbs|lnk|jar)$", re.I)
# Parts of that name that are no program: a printer's settings, which leave with nothing else to say.
HARMLESS = re.compile(r"(^|/)printersettings/printersettings[0-9]*\.bin$", re.IGNORECASE)
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
MAY_POINT_OUTSIDE = {"a", "hyperlink"}
DYNAMIC_EXCHANGE = re.compile(rb"\bDDE(AUTO)?\b")
CORE = {"creator": "author", "lastModifiedBy": "changed_by", "initial-creator": "author", "Company": "company"}


def examine(path):
    """The kind of the document at `path`, and what readers can find out from it. Raises Unfit."""
    _check_frame(path)
    try:
        with zipfile.ZipFile(path) as package:
            parts = _checked_parts(package)
            kind = _office_open(package, parts) if "[Content_Types].xml" in parts else _open_document(package, parts)
            return kind, _told(package, parts)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unfit("damaged_document") from error
    except (ValueError, KeyError, UnicodeError, zipfile.LargeZipFile, zipfile.zlib.error) as error:
        raise Unfit("damaged_document") from error


def _check_frame(path):
    """The archive is the whole file: nothing before it, between its parts' list and its end, or behind."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - END_RECORD.size, 0))
        end = file.read()
    if len(end) < END_RECORD.size:
        raise Unfit("damaged_document")
    signature, disk, first, here, parts, length, start, comment = END_RECORD.unpack(end)
    if signature != b"PK\x05\x06" or comment:
        raise Unfit("two_files")
    if disk or first or here != parts or start + length + END_RECORD.size != size:
        raise Unfit("two_files")


def _checked_parts(package):
    """The parts by name. Raises Unfit: locked, too many, bursting, or with names that lead elsewhere."""
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unfit("bursts")
    if len({name.lower() for name in names}) < len(names):
        raise Unfit("damaged_document")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unfit("locked")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unfit("damaged_document")
        if entry.file_size > 1_000_000 and entry.file_size > MOST_SHRUNK * max(entry.compress_size, 1):
            raise Unfit("bursts")
        if entry.filename.startswith("/") or "\\" in entry.filename or normpath(entry.filename).startswith(".."):
            raise Unfit("damaged_document")
        if MACROS.search(entry.filename):
            raise Unfit("macros")
        if EMBEDDED.search(entry.filename) and not HARMLESS.search(entry.filename):
            raise Unfit("embedded")
        # Reads it to its end: a part that is damaged, or other than the list says, is found out here.
        with package.open(entry) as part:
            while part.read(1 << 16):
                pass
    return set(names)


def _read(package, name):
    if package.getinfo(name).file_size > MOST_READ:
        raise Unfit("bursts")
    return package.read(name)


def _xml(package, name):
    """A part as XML, without entities of its own. Raises Unfit."""
    text = _read(package, name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Unfit("damaged_document")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(text, parser)


def _office_open(package, parts):
    types = [element.get("ContentType", "") for element in _xml(package, "[Content_Types].xml")]
    if any("macroenabled" in each.lower() or "vba" in each.lower() for each in types):
        raise Unfit("macros")
    if any("oleobject" in each.lower() or "activex" in each.lower() for each in types):
        raise Unfit("embedded")
    kinds = [MAIN[each] for each in types if each in MAIN]
    if len(kinds) != 1:
        raise Unfit("unknown_document")
    for name in parts:
        if name.endswith(".rels"):
            _check_relations(_xml(package, name))
    for name in parts:
        if re.fullmatch(r"word/[a-z]+[0-9]*\.xml", name) and DYNAMIC_EXCHANGE.search(_read(package, name)):
            raise Unfit("points_outside")
    if any(name.startswith("xl/externalLinks/") for name in parts):
        raise Unfit("points_outside")
    return kinds[0]


def _check_relations(relations):
    """Only a link that a reader clicks may lead out of the document."""
    for relation in relations.iter(RELATION):
        outside = relation.get("TargetMode") == "External" or "://" in relation.get("Target", "")
        if outside and not relation.get("Type", "").endswith("/hyperlink"):
            raise Unfit("points_outside")


def _open_document(package, parts):
    first = package.infolist()[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        raise Unfit("unknown_document")
    kind = OPEN_DOCUMENT.get(_read(package, "mimetype").strip())
    if kind is None or not {"content.xml", "META-INF/manifest.xml"} <= parts:
        raise Unfit("unknown_document")
    for entry in _xml(package, "META-INF/manifest.xml").iter():
        if etree.QName(entry).localname == "encryption-data":
            raise Unfit("locked")
        if any("oleobject" in value for value in entry.attrib.values()):
            raise Unfit("embedded")
    for name in parts & {"content.xml", "styles.xml"}:
        _check_content(_xml(package, name))
    return kind


def _check_content(tree):
    for element in tree.iter(etree.Element):
        name = etree.QName(element).localname
        if name in {"event-listener", "script"}:
            raise Unfit("macros")
        if name in {"object-ole", "plugin", "applet"}:
            raise Unfit("embedded")
        target = element.get(HREF, "")
        if name not in MAY_POINT_OUTSIDE and (":" in target.split("/")[0] or target.startswith(("/", "../"))):
            raise Unfit("points_outside")
        if name == "dde-source":
            raise Unfit("points_outside")


def _told(package, parts):
    """What the document tells of those who made it: {what: text}; remarks and tracked changes too."""
    told = {}
    for name in parts & {"docProps/core.xml", "docProps/app.xml", "meta.xml"}:
        for element in _xml(package, name).iter(etree.Element):
            what = CORE.get(etree.QName(element).localname)
            if what and (element.text or "").strip():
                told[what] = element.text.strip()[:200]
    if any(re.search(r"(^|/)comments[0-9]*\.xml$|threadedComment", name) for name in parts):
        told["remarks"] = ""
    main = parts & {"word/document.xml", "content.xml"}
    text = b"".join(_read(package, name) for name in main)
    if re.search(rb"<w:(ins|del|moveFrom) |<text:tracked-changes", text):
        told["tracked_changes"] = ""
    if b"<office:annotation" in text:
        told["remarks"] = ""
    return told
