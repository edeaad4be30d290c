"""What public pages read, each query made once (embassy.prepared): the rules are those of the querysets."""

from dataclasses import dataclass
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, DateTimeField, SlugField

from embassy.prepared import OFFSET, Given, Prepared
from press.models import Address, Edition, Feature, Topic
from press.paging import part_of
from press.topics import with_topics
from press.translations import with_translations

AT = Given("at", DateTimeField())
MESSAGE = Given("message", BigIntegerField())
# The bounds of press.models.edition.within, by the lookup that each is for.
DATES = {
    "published_on__gte": DateField(),
    "published_on__lt": DateField(),
    "published_at__gte": DateTimeField(),
    "published_at__lt": DateTimeField(),
}


@dataclass(frozen=True)
class Place:
    """Where an edition stands in the order of every list."""

    published_at: Given | object
    message_id: Given | object


PLACE = Place(Given("published_at", DateTimeField()), MESSAGE)


def _readable(language, kind=None):
    readable = Edition.objects.live(AT).filter(language=language)
    return readable.filter(kind=kind) if kind else readable


@cache
def newest(language, number, kind=None):
    """The keys and messages' keys of the `number` newest editions, of a kind or of all; wants `at`."""
    return Prepared(lambda: _readable(language, kind).newest_first().values_list("pk", "message")[:number])


@cache
def newest_updated(language, kind, number):
    """The keys of the `number` newest editions, of a kind or of all, and when each last changed; wants `at`."""
    return Prepared(lambda: _readable(language, kind).newest_first().values_list("pk", "updated_at")[:number])


# Editions with their texts and topics; wants their `keys`.
whole = Prepared(
    lambda: with_topics(Edition.objects.filter(id__is_one_of=Given("keys", ArrayField(BigIntegerField()))).whole())
)


@cache
def topics_names(language):
    """What all topics are called in a language, in their order."""
    return Prepared(lambda: Topic.objects.values_list(f"name_{language}", flat=True))


@cache
def taken_back(language, kind, number):
    """The editions that ended a message last; wants `at`."""

    filters = {"language": language, **({"kind": kind} if kind else {})}
    return Prepared(lambda: Edition.objects.filter(**filters).taken_back(AT)[:number])


def shown_in_full(language, at, newest=None):
    """The edition that home shows in full: of the message featured last, or of `newest`; None where there is neither.

    Two plain queries, also where nothing holds: in one, the database may judge the few features to
    be many and read the archive, and their number tells nothing of what is scheduled.
    """
    messages = [newest or 0, *_featured(at=at)]
    editions = {edition.message_id: edition for edition in _of_messages(language)(at=at, messages=messages)}
    return next((editions[message] for message in reversed(messages) if message in editions), None)


_featured = Prepared(
    lambda: Feature.objects.holding(AT).order_by("pk").values_list("message", flat=True),
)


@cache
def _of_messages(language):
    messages = Given("messages", ArrayField(BigIntegerField()))
    return Prepared(lambda: _readable(language).whole().filter(message__id__is_one_of=messages))


@cache
def standing_at(language):
    """The edition standing of the message at an address, in a list of one or none; wants `at`, `day` and `slug`."""

    def make():
        address = Given("day", DateField()), Given("slug", SlugField())
        message = Address.objects.reached(AT).message_of(language, *address)
        standing = with_translations(with_topics(Edition.objects.standing(AT).whole()), AT)
        return standing.filter(message=message)[:1]

    return Prepared(make)


@cache
def before(language):
    """The message before a place, in a list of one or none; wants `at`, `published_at` and `message`."""
    return Prepared(lambda: _readable(language).before(PLACE)[:1])


@cache
def after(language):
    """The message after a place, as `before`."""
    return Prepared(lambda: _readable(language).after(PLACE)[:1])


# What readers were told of changes to a message; wants `at` and `message`.
notes = Prepared(lambda: Edition.objects.notes_of(Place(None, MESSAGE), AT))


class Listing:
    """A list of editions, of which parts are found: of a language, of a kind or of all, of all `dates` or some.

    `dates` are those of press.models.edition.within, or none.
    """

    def __init__(self, language, kind, dates, at):
        self._which = language, kind, bool(dates)
        self._values = {"at": at, **dates}

    def part(self, start, stop, from_the_end=False):
        """As press.paging.part_of."""
        if start == stop:
            return []
        return _part(*self._which, stop - start, from_the_end)(offset=start, **self._values)


@cache
def _part(language, kind, is_within_dates, number, from_the_end):
    def make():
        readable = _readable(language, kind)
        if is_within_dates:
            readable = readable.filter(**{each: Given(each, field) for each, field in DATES.items()})
        return part_of(readable, "pk", OFFSET, OFFSET + number, from_the_end)

    return Prepared(make)
