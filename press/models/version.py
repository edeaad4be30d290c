"""Every content a message ever had. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class Version(models.Model):
    """What a message said, from one real change to the next, its parts with it.

    The database refuses to change a version, and to delete one while the message is there
    (docs/decisions/versions.md).
    """

    # The database deletes a draft's versions with the draft, and only so.
    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="versions", verbose_name=_("message"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    content_sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="version_once"),
            models.CheckConstraint(condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="version_sha256"),
        ]

    def __str__(self):
        return f"{self.message_id} ({self.number})"
