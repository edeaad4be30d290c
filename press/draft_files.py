"""Files of drafts, for those who may see one: the office, and whoever was given a preview of one message."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse

from press.models import Rendition
from press.serving import NEVER_KEEP, respond


def office_address(sha256, name):
    """Where the office sees a stored file: what its preview gives to press.shown_files."""
    return reverse("admin:press_storedfile_content", args=[sha256, name])


def respond_with_draft(request, message, sha256, name):
    """A file that the working copy of `message` carries. Raises Http404.

    The caller has decided that the visitor may see that message. A preview for people without an
    account mounts this below its own secret address, and gives press.views.message_context an
    `address` that leads there.
    """
    carried = (rows.filter(file=OuterRef("file")) for rows in (message.photos, message.attachments))
    photos, attachments = map(Exists, carried)
    rendition = Rendition.objects.filter(photos | attachments, sha256=sha256).first()
    if rendition is None:
        raise Http404
    return respond(request, rendition, name, NEVER_KEEP)
