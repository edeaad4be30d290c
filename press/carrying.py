"""What an edition carries beside its text: the pictures and files of the working copy, as they are released."""

from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _
from slugify import slugify

from press.acts import Refused
from press.intake.refusal import Unfit
from press.intake.wording import sentence
from press.models import EditionFile
from press.plain_text import one_line
from press.slugs import REPLACEMENTS
from press.uploads import ensure_card

NAME_LENGTH = 60


def files_of(message):
    """The EditionFiles, unsaved and in order, that an edition of the stored `message` carries: two queries."""
    photos = [_of_photo(photo, message.language) for photo in message.photos.select_related("file")]
    return photos + [_of_attachment(attachment) for attachment in message.attachments.select_related("file")]


def make_ready(message):
    """Let the picture that links to `message` show elsewhere be there. Raises Refused."""
    for lead in message.photos.filter(is_lead=True).select_related("file"):
        try:
            ensure_card(lead.file, lead.focal_x, lead.focal_y)
        except Unfit as unfit:
            if unfit.code == "not_kept":
                raise Refused(sentence(unfit)) from unfit
            raise Refused(_("The lead picture could not be cut for links. Choose another one.")) from unfit


def _of_photo(photo, language):
    return EditionFile(
        role=EditionFile.Role.LEAD if photo.is_lead else EditionFile.Role.PICTURE,
        alt="" if photo.is_decorative else one_line(photo.alt),
        is_decorative=photo.is_decorative,
        caption=one_line(photo.caption),
        credit=one_line(photo.credit),
        focal_x=photo.focal_x,
        focal_y=photo.focal_y,
        language=language,
        **_of_file(photo.file, "picture"),
    )


def _of_attachment(attachment):
    return EditionFile(
        role=EditionFile.Role.ATTACHMENT,
        title=one_line(attachment.title),
        language=attachment.language,
        note=one_line(attachment.note),
        **_of_file(attachment.file, "document"),
    )


def _of_file(file, nameless):
    stem = PurePosixPath(file.name).stem
    return {
        "file": file,
        "name": slugify(stem, max_length=NAME_LENGTH, replacements=REPLACEMENTS) or nameless,
        "media_type": file.media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
    }
