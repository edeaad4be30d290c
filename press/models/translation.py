"""Which messages say the same in another language."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class Translation(models.Model):
    """A message is one of a group, of which each says the same in a language of its own.

    Readers are told of those whose texts are live, so public pages read this table (beside editions, as addresses
    and features); each message keeps its own state and embargo. The database keeps the language that of the message.
    """

    message = models.OneToOneField(Message, models.CASCADE, related_name="translation", verbose_name=_("message"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    group = models.UUIDField(_("group"))

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["group", "language"], name="translation_language_once")]

    def __str__(self):
        return f"{self.message_id} ({self.language})"
