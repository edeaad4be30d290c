"""Four eyes: who approved what somebody else wrote, and what was released without it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class Approval(models.Model):
    """An approver vouches for one content of a message: any later change of it is not covered."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="approvals", verbose_name=_("message"))
    version = models.PositiveIntegerField(_("version"))
    content_sha256 = models.CharField("SHA-256", max_length=64)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approver"))
    approved_at = models.DateTimeField(_("approved"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(fields=["message", "version"], name="approval_once"),
            models.CheckConstraint(condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"), name="approval_sha256"),
        ]

    def __str__(self):
        return f"{self.message_id} ({self.version})"


class BrokenGlass(models.Model):
    """A release without approval, for a reason; overdue until an approver has signed it off."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="broken_glass", verbose_name=_("message"))
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
            models.CheckConstraint(condition=~Q(reason=""), name="broken_glass_reason"),
            models.CheckConstraint(
                condition=Q(signed_off_by=None, signed_off_at=None)
                | Q(signed_off_by__isnull=False, signed_off_at__isnull=False),
                name="broken_glass_signed_off",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_by=None) | ~Q(signed_off_by=models.F("by")), name="broken_glass_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.message_id} ({self.version})"
