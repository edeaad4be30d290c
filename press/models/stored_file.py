"""What officers uploaded, by its content: nothing here is public until a live edition carries it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from press.intake.kinds import BY_MEDIA_TYPE, PICTURES

SHA256 = r"^[0-9a-f]{64}$"


class StoredFileQuerySet(models.QuerySet):
    """Uploads."""

    def pictures(self):
        """Those that are pictures."""
        return self.filter(media_type__in=[kind.media_type for kind in PICTURES])

    def documents(self):
        """Those that are no pictures."""
        return self.exclude(media_type__in=[kind.media_type for kind in PICTURES])

    def unused(self):
        """Those that no working copy and no edition refers to."""
        users = [field.related_model for field in self.model._meta.related_objects if field.name != "renditions"]
        return self.filter(*(~Exists(user.objects.filter(file=OuterRef("pk"))) for user in users))


class StoredFile(models.Model):
    """A picture, drawn anew and without anything but its pixels, or a document with all its bytes.

    Its key is the SHA-256 of what readers may download of it; the same file uploaded twice is one.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    name = models.CharField(_("name"), max_length=150, help_text=_("As it was uploaded."))
    # What the document tells of its makers: {what: text} (press.intake.packages, press.intake.pdf).
    told = models.JSONField(_("what readers can find out from it"), default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("pictures and files")
        ordering = ["-uploaded_at", "sha256"]
        indexes = [models.Index(fields=["-uploaded_at", "sha256"], name="stored_file_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="stored_file_sha256"),
            models.CheckConstraint(condition=Q(media_type__in=list(BY_MEDIA_TYPE)), name="stored_file_media_type"),
            models.CheckConstraint(
                condition=Q(width=None, height=None) | Q(width__gte=1, height__gte=1), name="stored_file_dimensions"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def kind(self):
        """Its kind (press.intake.kinds.FileKind)."""
        return BY_MEDIA_TYPE[self.media_type]

    @property
    def is_picture(self):
        """Whether it is a picture."""
        return self.kind.is_picture


class Rendition(models.Model):
    """One file in the storage: what is served of a stored file, for one purpose."""

    class Purpose(models.TextChoices):
        """What it is for."""

        LARGE = "large", _("large picture")
        PAGE = "page", _("picture of a page")
        CARD = "card", _("picture of a link")
        DOCUMENT = "document", _("document")

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="renditions", verbose_name=_("file"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    # Of a card: the point, in per cent of width and height, around which it is cut.
    focal_x = models.PositiveSmallIntegerField(_("focal point from the left, in per cent"), null=True)
    focal_y = models.PositiveSmallIntegerField(_("focal point from the top, in per cent"), null=True)
    # How its name ends in addresses: -640.avif
    suffix = models.CharField(_("ending of its name"), max_length=20)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["purpose", "width", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "suffix"], name="rendition_once"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="rendition_sha256"),
            models.CheckConstraint(
                condition=Q(purpose="card", focal_x__lte=100, focal_y__lte=100)
                | ~Q(purpose="card") & Q(focal_x=None, focal_y=None),
                name="rendition_focal_point_of_card",
            ),
        ]

    def __str__(self):
        return f"{self.file_id[:8]} {self.suffix}"
