"""What an edition carries beside its text: immutable like the edition, and public exactly while it is live."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from press.models.edition import Edition
from press.models.enclosure import ALT_LENGTH, CAPTION_LENGTH, CREDIT_LENGTH, MIDDLE, NOTE_LENGTH
from press.models.stored_file import Rendition, StoredFile

RENDITION_FIELDS = ("sha256", "purpose", "media_type", "width", "height", "size", "suffix", "focal_x", "focal_y")


class EditionFileQuerySet(models.QuerySet):
    """What editions carry."""

    def live(self, at):
        """Files of editions for reading at the aware moment `at`: the gate of Edition.objects.live."""
        return self.filter(edition__in=Edition.objects.live(at))

    def with_renditions(self):
        """Each with `made`: all that is served of it, as dicts of RENDITION_FIELDS. No further query."""
        made = Rendition.objects.filter(file=OuterRef("file")).order_by("width", "pk")
        return self.annotate(
            made=ArraySubquery(made.values(json=JSONObject(**{name: name for name in RENDITION_FIELDS})))
        )


def served_at(sha256, name, at):
    """The Rendition at the address /files/<sha256>/<name> at the aware moment `at`, or None: one query.

    There is one exactly while a live edition carries its file under that name. A card is the lead
    picture's, and only the one that is cut around its focal point.
    """
    carriers = (
        EditionFile.objects.live(at)
        .annotate(address_name=Concat(F("name"), OuterRef("suffix"), output_field=models.CharField()))
        .filter(file=OuterRef("file"), address_name=name)
    )
    of_lead = carriers.filter(role=EditionFile.Role.LEAD, focal_x=OuterRef("focal_x"), focal_y=OuterRef("focal_y"))
    is_card = Q(purpose=Rendition.Purpose.CARD)
    found = Rendition.objects.filter(~is_card & Exists(carriers) | is_card & Exists(of_lead), sha256=sha256)
    return found.first()


class EditionFile(models.Model):
    """A picture or a document of an edition. The database keeps as many as the edition says, and refuses any change."""

    class Role(models.TextChoices):
        """What it is to the edition."""

        LEAD = "lead", _("lead picture")
        PICTURE = "picture", _("picture")
        ATTACHMENT = "attachment", _("attachment")

    # The database deletes it with a recalled edition, and only so.
    edition = models.ForeignKey(Edition, models.DO_NOTHING, related_name="files", verbose_name=_("edition"))
    position = models.PositiveSmallIntegerField(_("position"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="edition_files", verbose_name=_("file"))
    # How its addresses begin: `garden-gate` of garden-gate-640.avif.
    name = models.CharField(_("name in addresses"), max_length=80)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    alt = models.CharField(_("alternative text"), max_length=ALT_LENGTH, blank=True)
    is_decorative = models.BooleanField(_("decorative"), default=False)
    caption = models.CharField(_("caption"), max_length=CAPTION_LENGTH, blank=True)
    credit = models.CharField(_("credit"), max_length=CREDIT_LENGTH, blank=True)
    focal_x = models.PositiveSmallIntegerField(_("focal point from the left, in per cent"), default=MIDDLE)
    focal_y = models.PositiveSmallIntegerField(_("focal point from the top, in per cent"), default=MIDDLE)
    title = models.CharField(_("title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    note = models.CharField(_("note on accessible forms"), max_length=NOTE_LENGTH, blank=True)

    objects = EditionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_file_position"),
            models.UniqueConstraint(fields=["edition"], condition=Q(role="lead"), name="edition_file_one_lead"),
            models.CheckConstraint(condition=Q(position__gte=1), name="edition_file_from_one"),
            models.CheckConstraint(condition=Q(focal_x__lte=100, focal_y__lte=100), name="edition_file_focal_point"),
            models.CheckConstraint(
                condition=Q(role="attachment", alt="", is_decorative=False) & ~Q(title="")
                | Q(role__in=["lead", "picture"], is_decorative=False) & ~Q(alt="")
                | Q(role__in=["lead", "picture"], is_decorative=True, alt=""),
                name="edition_file_is_described",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_role_display()})"
