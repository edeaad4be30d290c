"""Four eyes: who approved what somebody else changed, what was released without it, and all that was done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consular.models.document import Document


class Approval(models.Model):
    """An approver vouches for one content of a document: any later change of it is not covered."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="approvals", verbose_name=_("document"))
    version = models.PositiveIntegerField(_("version"))
    content_sha256 = models.CharField("SHA-256", max_length=64)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approver"))
    approved_at = models.DateTimeField(_("approved"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="consular_approval_once"),
            models.CheckConstraint(
                condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="consular_approval_sha256"
            ),
        ]

    def __str__(self):
        return f"{self.document_id} ({self.version})"


class BrokenGlass(models.Model):
    """A release without approval, for a reason; overdue until an approver has signed it off."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="broken_glass", verbose_name=_("document"))
    version = models.PositiveIntegerField(_("version"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("signed off by")
    )
    signed_off_at = models.DateTimeField(_("signed off"), null=True)

    class Meta:
        verbose_name = _("release without approval")
        verbose_name_plural = _("releases without approval")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="consular_glass_reason"),
            models.CheckConstraint(
                condition=Q(signed_off_by=None, signed_off_at=None)
                | Q(signed_off_by__isnull=False, signed_off_at__isnull=False),
                name="consular_glass_signed_off",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_by=None) | ~Q(signed_off_by=F("by")), name="consular_glass_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.document_id} ({self.version})"


class Event(models.Model):
    """One line of a document's history. Nobody edits it: the database refuses."""

    class What(models.TextChoices):
        CHANGED = "changed", _("Changed")
        SUBMITTED = "submitted", _("Submitted for approval")
        RETURNED = "returned", _("Returned to the author")
        APPROVED = "approved", _("Approved")
        RELEASED = "released", _("Released")
        RECALLED = "recalled", _("Recalled")
        ENDED = "ended", _("Ended")
        GLASS_BROKEN = "glass-broken", _("Released without approval")
        SIGNED_OFF = "signed-off", _("Signed off")

    document = models.ForeignKey(Document, models.CASCADE, related_name="events", verbose_name=_("document"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    # Nobody: an operator, by a command.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("who"))
    at = models.DateTimeField(_("when"))
    version = models.PositiveIntegerField(_("version"))
    effective_at = models.DateTimeField(_("effective"), null=True)
    words = models.TextField(_("note, reason or remark"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.document_id} {self.what}"
