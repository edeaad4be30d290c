"""The history of a message: every act, who and when. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class Event(models.Model):
    """An act on a message. The database refuses to change one, and to delete one while the message is there."""

    class What(models.TextChoices):
        """What happened."""

        WRITTEN = "written", _("Written")
        CHANGED = "changed", _("Changed")
        RESTORED = "restored", _("An earlier version restored")
        IMPORTED = "imported", _("Imported")
        SUBMITTED = "submitted", _("Submitted for approval")
        RETURNED = "returned", _("Returned to the author")
        APPROVED = "approved", _("Approved")
        RELEASED = "released", _("Released")
        CORRECTED = "corrected", _("Corrected")
        RECALLED = "recalled", _("Recalled")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETRACTED = "retracted", _("Published in error")
        REPLACED = "replaced", _("Replaced")
        GLASS_BROKEN = "glass-broken", _("Released without approval")
        BINNED = "binned", _("Moved to the bin")
        UNBINNED = "unbinned", _("Taken out of the bin")
        SIGNED_OFF = "signed-off", _("Signed off")
        FEATURED = "featured", _("Featured on home")
        UNFEATURED = "unfeatured", _("No longer on home")
        LINKED = "linked", _("Linked with its translation")
        UNLINKED = "unlinked", _("No longer linked with a translation")
        SHARED = "shared", _("Link to the draft made")
        UNSHARED = "unshared", _("Link to the draft revoked")

    # The database deletes a draft's history with the draft, and only so.
    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="events", verbose_name=_("message"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))
    version = models.PositiveIntegerField(_("version"))
    # When it takes effect for readers; null where it does not.
    effective_at = models.DateTimeField(_("effective"), null=True)
    words = models.TextField(_("note, reason or remark"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_what_display()} ({self.version})"
