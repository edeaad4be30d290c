"""What colleagues say to each other about a message. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message

REMARK_LENGTH = 2000


class Remark(models.Model):
    """A remark on a message. The database refuses to change one, and to delete one while the message is there."""

    # The database deletes a draft's remarks with the draft, and only so.
    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="remarks", verbose_name=_("message"))
    text = models.TextField(_("remark"), max_length=REMARK_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))
    # The version that was read.
    version = models.PositiveIntegerField(_("version"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_text")]

    def __str__(self):
        return self.text[:80]
