"""What officers have typed and not saved, and who has a message open: working tables, no record of anything."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from press.models.message import Kind, Message


class Unsaved(models.Model):
    """The fields of one open form as they were last posted by its script; its officer alone ever sees them.

    Each opened form has a token of its own, so that two tabs do not overwrite each other. A closed
    row (saved or dropped) has no fields any more; it only tells a late copy that it comes too late.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who"))
    token = models.UUIDField(_("token"))
    # Null for a message that was never saved: then the kind says which form it was.
    message = models.ForeignKey(
        Message, models.CASCADE, related_name="unsaved", null=True, blank=True, verbose_name=_("message")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    opened_version = models.PositiveIntegerField(_("version"), null=True)
    fields = models.JSONField(_("fields"), default=list)
    # Counts the copies of one form, so that one that was held up does not overwrite a later one.
    turn = models.PositiveIntegerField(_("turn"), default=0)
    at = models.DateTimeField(_("when"))
    is_closed = models.BooleanField(_("saved or dropped"), default=False)

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["officer", "token"], name="unsaved_once")]
        indexes = [models.Index(fields=["at"], name="unsaved_at")]

    def __str__(self):
        return f"{self.officer_id} {self.token}"


class Presence(models.Model):
    """An officer has the form of a message open, or had it a moment ago."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who"))
    message = models.ForeignKey(Message, models.CASCADE, related_name="presences", verbose_name=_("message"))
    opened_at = models.DateTimeField(_("opened"))
    seen_at = models.DateTimeField(_("last seen"))
    # Null as long as nothing was typed.
    typed_at = models.DateTimeField(_("last typed"), null=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["message", "officer"], name="presence_once")]

    def __str__(self):
        return f"{self.officer_id} {self.message_id}"
