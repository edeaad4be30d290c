"""The working copy: what an officer writes. No public page reads it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from press.fields import AnswerField, InlineRichTextField, RichTextField

TITLE_LENGTH = 200
TEASER_LENGTH = 300


class Kind(models.TextChoices):
    """The kinds of message."""

    PRESS_RELEASE = "press-release", _("Press release")
    STATEMENT = "statement", _("Statement")
    Q_AND_A = "q-and-a", _("Questions and answers")

    @property
    def slug(self):
        """The kind's part of an address: /messages/<slug>/."""
        return {"press-release": "press-releases", "statement": "statements"}.get(self.value, self.value)

    @property
    def plural(self):
        """The kind's name above a list."""
        return {
            "press-release": _("Press releases"),
            "statement": _("Statements"),
            "q-and-a": _("Questions and answers"),
        }[self.value]

    @classmethod
    def of_slug(cls, slug):
        """The kind whose address part is `slug`. Raises KeyError."""
        return {kind.slug: kind for kind in cls}[slug]


class MessageQuerySet(models.QuerySet):
    """Working copies."""

    def of_kind(self, kind):
        """Messages of one kind."""
        return self.filter(kind=kind)


class InUse(models.Manager.from_queryset(MessageQuerySet)):
    """The messages that do not lie in the bin: so none gets into a list by a forgotten filter."""

    def get_queryset(self):
        """Without the bin."""
        return super().get_queryset().filter(binned_at=None)


class Message(models.Model):
    """What an officer writes: one table for all kinds, because lists mix them."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(
        _("title"), max_length=TITLE_LENGTH, help_text=_("Up to 90 characters read best; 65 fit in search results.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        blank=True,
        db_index=False,
        help_text=_("The last part of the page’s address. Leave it empty to take it from the title."),
    )
    teaser = models.TextField(
        _("teaser"),
        max_length=TEASER_LENGTH,
        blank=True,
        help_text=_(
            "Two sentences for lists and search results. Leave it empty to take the first sentences of the text."
        ),
    )
    body = RichTextField(_("text"), blank=True)
    signed_in = models.CharField(_("place of signing"), max_length=100, blank=True)
    signed_on = models.DateField(_("date of signing"), null=True, blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="messages_written",
        verbose_name=_("author"),
        editable=False,
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last changed by"), editable=False
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    changed_at = models.DateTimeField(_("last changed"), editable=False)
    # Grows with every change of the content: forms and buttons carry it, an edition remembers it.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # The version that waits for an approver, or waited: null until one was submitted.
    submitted_version = models.PositiveIntegerField(_("submitted version"), null=True, editable=False)
    # The reader's date of the first release, for the office's lists; the edition's is the true one.
    published_on = models.DateField(_("reader’s date"), null=True, editable=False)
    source = models.CharField(_("source"), max_length=200, unique=True, null=True, blank=True, editable=False)
    # Who put a draft into the bin, and when (press.bin); null for what does not lie there.
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("put into the bin by"),
        editable=False,
    )
    binned_at = models.DateTimeField(_("put into the bin"), null=True, editable=False)

    objects = InUse()
    everything = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-changed_at", "-pk"]
        permissions = [
            ("release_message", _("Can release, recall, correct and withdraw messages")),
            ("approve_message", _("Can approve messages that somebody else wrote")),
            ("break_glass", _("Can release messages without approval, for a reason")),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="message_newest"),
            models.Index(fields=["kind", "-changed_at", "-id"], name="message_kind_newest"),
            # What the office's lists are narrowed by: dates, and drafts, which have none.
            models.Index(fields=["kind", "published_on"], name="message_kind_date"),
            models.Index(fields=["binned_at"], condition=models.Q(binned_at__isnull=False), name="message_binned"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="message_kind"),
            models.CheckConstraint(condition=~models.Q(title=""), name="message_title"),
            models.CheckConstraint(
                condition=models.Q(binned_at=None, binned_by=None)
                | models.Q(binned_at__isnull=False, binned_by__isnull=False),
                name="message_binned_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=[code for code, _name in settings.LANGUAGES]), name="message_language"
            ),
        ]

    def __str__(self):
        return self.title


class OneKind(InUse):
    """The messages of a proxy's own kind."""

    def get_queryset(self):
        """Only this kind."""
        return super().get_queryset().of_kind(self.model.KIND)


class PressRelease(Message):
    """A message of the kind press release."""

    KIND = Kind.PRESS_RELEASE

    objects = OneKind()

    class Meta:
        proxy = True
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")


class Statement(Message):
    """A message of the kind statement: it may be signed, by one or by several."""

    KIND = Kind.STATEMENT

    objects = OneKind()

    class Meta:
        proxy = True
        verbose_name = _("statement")
        verbose_name_plural = _("statements")


class QandA(Message):
    """A message of the kind Q&A: questions of the media, and our answers."""

    KIND = Kind.Q_AND_A

    objects = OneKind()

    class Meta:
        proxy = True
        verbose_name = _("Q&A")
        verbose_name_plural = _("Q&As")


class InBin(models.Manager.from_queryset(MessageQuerySet)):
    """The messages that lie in the bin."""

    def get_queryset(self):
        """Only the bin."""
        return super().get_queryset().filter(binned_at__isnull=False)


class BinnedMessage(Message):
    """A deleted draft: of any kind, as it lies in the bin. Its permissions are those to take out and to delete."""

    objects = InBin()

    class Meta:
        proxy = True
        verbose_name = _("message in the bin")
        verbose_name_plural = _("messages in the bin")


class Exchange(models.Model):
    """A question and its answer."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="exchanges", verbose_name=_("message"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    question = InlineRichTextField(_("question"))
    answer = AnswerField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.position}"


class Signatory(models.Model):
    """Who signs a statement; their order is precedence."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="signatories", verbose_name=_("message"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    office = models.CharField(pgettext_lazy("of a signatory", "office"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.on_behalf_of
