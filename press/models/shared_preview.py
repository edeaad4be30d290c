"""Who outside the office may see a draft: by a link that ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class SharedPreviewQuerySet(models.QuerySet):
    """Shared previews by the clock."""

    def open(self, at):
        """Those whose link works at the aware moment `at`; none to a draft that lies in the bin."""
        return self.filter(revoked_at=None, expires_at__gt=at, message__binned_at=None)


class SharedPreview(models.Model):
    """A link to a draft for one recipient. Only the hash of its token is kept: the link cannot be read again."""

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="shared_previews", verbose_name=_("message"), editable=False
    )
    # What was shared: once this version or a later one has been released, the link leads to the public page.
    version = models.PositiveIntegerField(_("version"), editable=False)
    recipient = models.CharField(_("recipient"), max_length=200)
    key_sha256 = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    openings = models.PositiveIntegerField(_("openings"), default=0)
    opened_at = models.DateTimeField(_("last opened"), null=True)

    objects = SharedPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared preview")
        verbose_name_plural = _("shared previews")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(recipient=""), name="shared_preview_recipient"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="shared_preview_span"),
            models.CheckConstraint(condition=Q(key_sha256__regex=r"^[0-9a-f]{64}$"), name="shared_preview_sha256"),
        ]

    def __str__(self):
        return f"{self.message_id}: {self.recipient}"
