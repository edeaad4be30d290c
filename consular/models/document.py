"""What is drafted and released in the consular section: its facts as one document, and notices."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consular.languages import PerLanguage, PerLanguageModel
from embassy import clock
from embassy.whole_minutes import whole_minute_constraint


class Document(models.Model):
    """A document with a chain of editions; its working copy is the offices' tables, or a notice's own columns."""

    class Kind(models.TextChoices):
        FACTS = "facts", _("Consular facts")
        NOTICE = "notice", _("Notice")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    submitted_version = models.PositiveIntegerField(_("submitted version"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("last changed by"),
    )
    changed_at = models.DateTimeField(_("last changed"), editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [
            ("release_document", "Can release and recall consular facts and notices"),
            ("approve_document", "Can approve consular facts and notices that somebody else changed"),
            ("break_glass", "Can release consular facts and notices without approval, for a reason"),
        ]
        constraints = [
            models.UniqueConstraint(name="consular_one_facts", fields=["kind"], condition=Q(kind="facts")),
        ]

    def __str__(self):
        return self.get_kind_display()

    def note_change(self, by):
        """Keep that `by` changed what the document says: the version grows, and an approval is void."""
        self.version += 1
        self.changed_by, self.changed_at = by, clock.database_now()
        self.save(update_fields=["version", "changed_by", "changed_at"])


class FactsManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=Document.Kind.FACTS)

    def current(self):
        """The one document of all offices; it is made where there is none yet."""
        return self.get_or_create(kind=Document.Kind.FACTS, defaults={"changed_at": clock.database_now()})[0]


class Facts(Document):
    """All offices with all their details, as one document."""

    objects = FactsManager()

    class Meta:
        proxy = True
        verbose_name = _("consular facts")
        verbose_name_plural = _("consular facts")


class Level(models.TextChoices):
    """How urgent a notice is; of several the gravest is shown."""

    URGENT = "urgent", _("Danger")
    WARNING = "warning", _("Warning")
    INFORMATION = "information", _("Information")


class Notice(Document, PerLanguageModel):
    """An urgent notice: the first thing on every page, from its release until its end."""

    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.WARNING)
    text_en = models.CharField(
        _("text in English"), max_length=300, help_text=_("One or two sentences: what has happened, what to do.")
    )
    text_ru = models.CharField(_("text in Russian"), max_length=300)
    ends_at = models.DateTimeField(_("ends"), help_text=_("It disappears by itself at this time of the host city."))
    url = models.URLField(
        _("link"), blank=True, validators=[URLValidator(["https"])], help_text=_("Where to read more; https://")
    )
    text = PerLanguage()

    class Meta:
        verbose_name = _("urgent notice")
        verbose_name_plural = _("urgent notices")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="consular_notice_level", condition=Q(level__in=Level.values)),
            whole_minute_constraint("ends_at", "consular_notice_minute"),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        """A notice is always of its kind."""
        self.kind = Document.Kind.NOTICE
        super().save(*args, **kwargs)

    def clean(self):
        """Raise ValidationError at `ends_at` where it is no whole minute."""
        super().clean()
        if self.ends_at and not clock.is_whole_minute(self.ends_at):
            raise ValidationError({"ends_at": _("Choose a whole minute.")})
