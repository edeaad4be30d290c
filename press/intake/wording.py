"""What officers are told of a file that is not taken, and of what a document tells its readers."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "empty": _("This file is empty."),
    "nameless": _("This file has no name."),
    "too_large": _("This file is too large: %(limit)s MB is the most for this kind."),
    "mismatched": _(
        "The name of this file ends in “%(suffix)s”, but its content is %(found)s. Give it the name that fits, or save "
        "it anew."
    ),
    "damaged": _("This picture is cut off or damaged. Open it in a picture program, save it anew, and upload that."),
    "too_many_pixels": _("This picture has too many pixels: %(limit)s million is the most. Make it smaller."),
    "too_much": _("Opening this file takes too much memory or time. Save it anew, simpler or smaller."),
    "goes_on": _(
        "Behind the end of this picture something else goes on. Open it in a picture program, save it anew, and upload "
        "that."
    ),
    "hidden_page": _("There is a web page or a program hidden in this picture, so it is not taken."),
    "two_files": _("This document is two files in one, or has been added to, so it is not taken. Save it anew."),
    "damaged_document": _("This document is cut off or damaged. Open it, save it anew, and upload that."),
    "unknown_document": _(
        "This is no document that can be published: DOCX, ODT, XLSX, ODS and PDF can; templates, presentations and "
        "archives cannot."
    ),
    "bursts": _("This document unpacks to far more than it seems to hold, so it is not taken."),
    "locked": _("This document is locked with a password. Save it without one."),
    "macros": _("This document holds macros. Save it without them."),
    "embedded": _(
        "This document holds another file inside it, which readers could take out: a table behind a diagram, say. "
        "Paste it as a picture, or remove it."
    ),
    "points_outside": _(
        "This document fetches something from elsewhere when it is opened: a linked picture, template or table. Break "
        "that link, so that it stands in the document itself."
    ),
    "not_kept": _("The storage takes no more files, so nothing has been kept. Tell whoever runs this site."),
    "runs_program": _("This PDF runs a program, or sends a form. Print it to a new PDF, and upload that."),
}
FOREIGN = {
    "HEIC": _("Browsers cannot show HEIC pictures. Save it as JPEG, and upload that."),
    "SVG": _("SVG drawings can hold programs and are not taken. Save it as PNG, and upload that."),
    "OLE": _(
        "This is a document of an old Office (DOC, XLS), or one locked with a password. Save it as DOCX or XLSX, "
        "without a password, or as PDF."
    ),
}
UNKNOWN = _(
    "This kind of file cannot be published. Pictures may be JPEG, PNG, WebP or AVIF; documents PDF, DOCX, ODT, XLSX or "
    "ODS."
)
TOLD = {
    "author": _("author"),
    "changed_by": _("last changed by"),
    "company": _("organisation"),
    "title": _("title in its properties"),
    "program": _("program"),
    "remarks": _("remarks in it"),
    "tracked_changes": _("tracked changes"),
}


def sentence(unfit):
    """The sentence for an Unfit file."""
    if unfit.code == "foreign":
        return str(FOREIGN.get(unfit.facts["found"], UNKNOWN))
    return SENTENCES[unfit.code] % unfit.facts


def told_in_words(told):
    """What a document tells (StoredFile.told), one text for each thing."""
    return [format_lazy("{}: {}", TOLD[what], text) if text else TOLD[what] for what, text in told.items()]
