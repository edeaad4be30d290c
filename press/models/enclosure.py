"""What a working copy carries beside its text: pictures and files. No public page reads them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message
from press.models.stored_file import StoredFile

ALT_LENGTH, CAPTION_LENGTH, CREDIT_LENGTH, NOTE_LENGTH = 300, 500, 150, 300
MIDDLE = 50


class Photo(models.Model):
    """A picture of a message, with what its readers are told of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="photos", verbose_name=_("message"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="photos", verbose_name=_("file"))
    is_lead = models.BooleanField(
        _("lead picture"), default=False, help_text=_("Stands above the text, and beside links to the message.")
    )
    alt = models.CharField(
        _("alternative text"),
        max_length=ALT_LENGTH,
        blank=True,
        help_text=_("What the picture shows, in a sentence, for those who do not see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text does not: no alternative text.")
    )
    caption = models.CharField(_("caption"), max_length=CAPTION_LENGTH, blank=True)
    credit = models.CharField(
        _("credit"), max_length=CREDIT_LENGTH, blank=True, help_text=_("Who took it, and who may use it.")
    )
    focal_x = models.PositiveSmallIntegerField(
        _("focal point from the left, in per cent"), default=MIDDLE, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point from the top, in per cent"), default=MIDDLE, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "file"], name="photo_once"),
            models.UniqueConstraint(fields=["message"], condition=Q(is_lead=True), name="photo_one_lead"),
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="photo_focal_point"),
        ]

    def __str__(self):
        return self.caption or self.alt or self.file_id[:8]


class Attachment(models.Model):
    """A document that readers of a message may download."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments", verbose_name=_("message"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments", verbose_name=_("file"))
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    note = models.CharField(
        _("note on accessible forms"),
        max_length=NOTE_LENGTH,
        blank=True,
        help_text=_("Whether it can be read with a screen reader, or where there is a form of it that can."),
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "file"], name="attachment_once"),
            models.CheckConstraint(condition=~Q(title=""), name="attachment_title"),
        ]

    def __str__(self):
        return self.title
