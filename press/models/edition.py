"""The edition: one immutable released text of a message. All that the public reads."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Expression, F, Func, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from embassy.chain import ACTS_WITH_TEXT, Act, ChainedEdition, ChainQuerySet, chain_constraints
from press import canonical
from press.models.message import TITLE_LENGTH, Kind, Message

NEWEST_FIRST = ("-published_at", "-message_id")
LONG_COLUMNS = ("body", "details")
ROW = (
    *("message_id", "language", "kind", "title", "teaser", "published_at", "published_on"),
    *("address__language", "address__slug"),
)
# What lists are chosen by, beside their order: the indexes hold it, so that the table is not read.
FOR_CHOICE = ("id", "live_from", "live_until", "published_on")
ONE_DAY = timedelta(days=1)
# What XML 1.0, and so a feed, cannot hold; PostgreSQL and Python read the expression alike.
UNPRINTABLE = r"[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]"


def within(first, after):
    """What picks the editions whose reader's date lies from `first` until before `after`, by lookup.

    The dates decide. The moments, a day wider than any zone can make it, let the index that is in
    the order of the lists find them.
    """
    begin, end = (datetime.combine(day, time(), UTC) for day in (first - ONE_DAY, after + ONE_DAY))
    return {"published_on__gte": first, "published_on__lt": after, "published_at__gte": begin, "published_at__lt": end}


@cache
def _addresses(language):
    """What addresses of messages in a language look like, as str.format wants it; a list has very many of them."""
    with translation.override(language):
        example = reverse("press:message", args=[1111, 22, 33, "slug"])
    return example.replace("1111/22/33/slug", "{:04}/{:02}/{:02}/{}")


def address_of(language, day, slug):
    """The path of a message in a language, from the date and the slug of its address."""
    return _addresses(language).format(day.year, day.month, day.day, slug)


@dataclass(frozen=True)
class Place:
    """Where an edition stands in the order of every list: aware moment and key of the message, or expressions."""

    published_at: datetime | Expression
    message_id: int | Expression


class EditionQuerySet(ChainQuerySet):
    """Editions as the public's pages want them."""

    def newest_first(self):
        """In the one order of every list."""
        return self.order_by(*NEWEST_FIRST)

    def whole(self):
        """With their addresses, ready for a page."""
        return self.select_related("address")

    def for_list(self):
        """Newest first, with their addresses and without their long texts."""
        return self.newest_first().whole().defer(*LONG_COLUMNS)

    def for_rows(self):
        """Newest first, with what a row of a list shows, and nothing else."""
        return self.newest_first().whole().only(*ROW)

    def published_within(self, first, after):
        """Editions whose reader's date lies from `first` until before `after`."""
        return self.filter(**within(first, after))

    def earlier_than(self, place):
        """Those that stand after a place in the order of lists; it has `published_at` and `message_id`."""
        tie = Q(published_at=place.published_at, message_id__gte=place.message_id)
        return self.filter(published_at__lte=place.published_at).exclude(tie)

    def before(self, place):
        """The messages earlier than the one at `place`, the nearest first."""
        return self.newest_first().earlier_than(place)

    def after(self, place):
        """The messages later than the one at `place`, the nearest first."""
        tie = Q(published_at=place.published_at, message_id__lte=place.message_id)
        return self.newest_first().filter(published_at__gte=place.published_at).exclude(tie).reverse()

    def taken_back(self, at):
        """Those that took a message's text back and stand at the aware moment `at`, the last first; without texts."""
        ended = self.standing(at).exclude(act__in=ACTS_WITH_TEXT).order_by("-live_from", "-message_id")
        return ended.only("message_id", "live_from", "act", "note")

    def notes_of(self, edition, at):
        """The editions of the same message that told readers something by the aware moment `at`, newest first."""
        told = self.filter(message_id=edition.message_id, live_from__lte=at, act__in=ACTS_WITH_TEXT).exclude(note="")
        return told.order_by("-number").defer(*LONG_COLUMNS)


class EditionManager(models.Manager.from_queryset(EditionQuerySet)):
    """Editions without what only the database reads of them."""

    def get_queryset(self):
        """All editions; their `search` is as long as their text."""
        return super().get_queryset().defer("search")


class Edition(ChainedEdition):
    """A released text of a message: immutable, and never gone once it has been live."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="editions", verbose_name=_("message"))
    address = models.ForeignKey("press.Address", models.PROTECT, related_name="editions", verbose_name=_("address"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    teaser = models.TextField(_("teaser"), blank=True)
    body = models.TextField(_("text"), blank=True)
    details = models.JSONField(_("exchanges and signatories"), default=dict, blank=True)
    signed_in = models.CharField(_("place of signing"), max_length=100, blank=True)
    signed_on = models.DateField(_("date of signing"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"))
    published_on = models.DateField(_("reader’s date"))
    updated_at = models.DateTimeField(_("updated"))
    note = models.TextField(_("public note"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("approver")
    )
    releaser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("releaser"))
    replaced_by = models.ForeignKey(
        Message, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("replaced by")
    )
    # How many files it carries (press.models.EditionFile): the database keeps neither more nor fewer.
    file_count = models.PositiveSmallIntegerField(_("number of files"), default=0)
    draft_version = models.PositiveIntegerField(_("version of the working copy"))
    canonical_version = models.PositiveSmallIntegerField(_("version of the canonical form"))
    sha256 = models.CharField("SHA-256", max_length=64)
    # The words that search looks through (migration 0009), made by the database from the columns above.
    search = models.GeneratedField(
        expression=Func("language", "title", "teaser", "body", "details", "signed_in", function="press_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EditionManager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        indexes = [
            models.Index(
                fields=["language", "-published_at", "-message"],
                include=FOR_CHOICE,
                condition=Q(act__in=ACTS_WITH_TEXT),
                name="edition_newest",
            ),
            models.Index(
                fields=["language", "kind", "-published_at", "-message"],
                include=FOR_CHOICE,
                condition=Q(act__in=ACTS_WITH_TEXT),
                name="edition_kind_newest",
            ),
            # Which messages were taken back last: few among many.
            models.Index(
                fields=["language", "-live_from"], condition=~Q(act__in=ACTS_WITH_TEXT), name="edition_taken_back"
            ),
            # When something of a year last changed, for the sitemap.
            models.Index(
                "language",
                ExtractYear("published_on"),
                F("updated_at").desc(),
                condition=Q(act__in=ACTS_WITH_TEXT),
                name="edition_year_changed",
            ),
            # What is scheduled, and what went live of late, for the office's index page.
            models.Index(fields=["-live_from", "-id"], name="edition_of_late"),
            # Releases are rare: they may take the time that searches would otherwise take.
            GinIndex(fields=["search"], name="edition_search", fastupdate=False),
        ]
        constraints = [
            *chain_constraints("message", "edition"),
            models.CheckConstraint(
                condition=Q(act__in=ACTS_WITH_TEXT) & ~Q(title="")
                | ~Q(act__in=ACTS_WITH_TEXT)
                & Q(title="", teaser="", body="", details={}, signed_in="", signed_on=None),
                name="edition_withdrawal_has_no_text",
            ),
            models.CheckConstraint(
                condition=Q(act__in=ACTS_WITH_TEXT) | Q(file_count=0), name="edition_withdrawal_has_no_files"
            ),
            models.CheckConstraint(condition=~Q(act=Act.WITHDRAW) | ~Q(note=""), name="edition_withdrawal_has_reason"),
            models.CheckConstraint(
                condition=Q(act=Act.REPLACE, replaced_by__isnull=False) | ~Q(act=Act.REPLACE) & Q(replaced_by=None),
                name="edition_replacement_names_message",
            ),
            models.CheckConstraint(condition=~Q(approver=F("author")), name="edition_four_eyes"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="edition_kind"),
            *(
                models.CheckConstraint(
                    condition=~Q(**{f"{name}__regex": UNPRINTABLE}), name=f"edition_{name}_printable"
                )
                for name in ("title", "teaser", "note")
            ),
            models.CheckConstraint(condition=Q(published_at__lte=F("live_from")), name="edition_published_before_live"),
            models.CheckConstraint(
                condition=Q(updated_at__gte=F("published_at")), name="edition_updated_after_published"
            ),
            models.CheckConstraint(condition=Q(updated_at__lte=F("live_from")), name="edition_updated_before_live"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="edition_sha256"),
        ]

    def __str__(self):
        return f"{self.title or self.get_act_display()} ({self.number})"

    def save(self, *args, **kwargs):
        """Seal a new edition and store it with what it carries; the database refuses any later change."""
        adding = self._state.adding
        if adding:
            self.seal()
        super().save(*args, **kwargs)
        if adding and self.carried:
            self.files.bulk_create(self.carried)

    def carry(self, files):
        """Give a new edition its `files` (unsaved EditionFiles), in their order."""
        for position, file in enumerate(files, 1):
            file.edition, file.position = self, position
        self.carried, self.file_count = list(files), len(files)

    @cached_property
    def carried(self):
        """The files of the edition, in order."""
        return list(self.files.with_renditions()) if self.file_count else []

    def get_absolute_url(self):
        """The address under which the edition is read, in its own language."""
        return address_of(self.address.language, self.published_on, self.address.slug)

    def get_kind_display(self):
        """The kind in the active language; Django's own way looks through all kinds, and lists ask for very many."""
        return str(Kind(self.kind).label)

    def document_filter(self):
        """What picks the editions of the same message (embassy.chain)."""
        return {"message_id": self.message_id}

    def seal(self):
        """Set the hash of what the edition says (press.canonical)."""
        self.canonical_version = canonical.LATEST
        self.sha256 = canonical.sha256(self)

    def is_intact(self):
        """Whether the hash still fits the content."""
        return self.sha256 == canonical.sha256(self)

    @property
    def exchanges(self):
        """Questions and answers: dicts of id, question and answer (HTML, clean)."""
        return self.details.get("exchanges", [])

    @property
    def signatories(self):
        """Who signed: dicts of on_behalf_of, name and office."""
        return self.details.get("signatories", [])

    @property
    def is_joint(self):
        """Whether two or more sides signed."""
        return len(self.signatories) > 1

    @property
    def is_updated(self):
        """Whether readers were told of a change."""
        return self.updated_at > self.published_at
