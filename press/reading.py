"""What public pages read, each query made once (embassy.prepared): the rules are those of the querysets."""

from dataclasses import dataclass
from functools import cache, cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, DateTimeField, F, SlugField, Window
from django.db.models.functions import RowNumber

from embassy.prepared import OFFSET, Given, Prepared
from press.models import Address, Edition, Feature, Topic
from press.models.edition import Place
from press.neighbours import with_neighbours
from press.paging import part_of
from press.rows import AT
from press.topics import with_topics
from press.translations import with_translations

MESSAGE = Given("message", BigIntegerField())
# The bounds of press.models.edition.within, by the lookup that each is for.
DATES = {
    "published_on__gte": DateField(),
    "published_on__lt": DateField(),
    "published_at__gte": DateTimeField(),
    "published_at__lt": DateTimeField(),
}


# How many editions of a list lie between two of its milestones.
STRIDE = 500
# To make them takes as long as walking to a few pages.
OFTEN = 3
PLACE = Place(Given("published_at", DateTimeField()), MESSAGE)


def _readable(language, kind=None, at=AT):
    readable = Edition.objects.live(at).filter(language=language)
    return readable.filter(kind=kind) if kind else readable


@dataclass(frozen=True)
class Home:
    """The keys of what home shows: of the edition in full, if there is one, and of the newest but it."""

    in_full: list
    newest: list


def home(language, at, number):
    """Home at the aware moment `at`: in full the message featured last, else the newest; and `number` others.

    Two plain queries, whatever is featured: their number tells nothing of what is scheduled.
    """
    found = _newest_and_features(language, number + 1)(at=at)
    _key, newest, features = found[0] if found else (None, 0, [])
    in_full = _last_live(language, at, [newest, *features])
    return Home(in_full, [key for key, _message, _features in found if key not in in_full][:number])


def featured(language, at):
    """The key of the edition that is featured at the aware moment `at`, in a list of one or none."""
    return _last_live(language, at, list(_featured(at=at)))


_featured = Prepared(lambda: _messages_featured().values_list("message", flat=True))


def _messages_featured():
    """The one that wins comes last."""
    return Feature.objects.holding(AT).order_by("pk")


@cache
def _newest_and_features(language, number):
    def make():
        newest = _readable(language).newest_first()
        features = ArraySubquery(_messages_featured().values("message"))
        return newest.values_list("pk", "message", features)[:number]

    return Prepared(make)


def _last_live(language, at, messages):
    """The key of the live edition of the last of `messages` that has one, in a list of one or none."""
    keys = dict(_of_messages(language)(at=at, messages=messages))
    return [keys[message] for message in reversed(messages) if message in keys][:1]


@cache
def _of_messages(language):
    messages = Given("messages", ArrayField(BigIntegerField()))
    return Prepared(lambda: _readable(language).filter(message__id__is_one_of=messages).values_list("message", "pk"))


@cache
def newest_updated(language, kind, number):
    """The keys of the `number` newest editions, of a kind or of all, and when each last changed; wants `at`."""
    return Prepared(lambda: _readable(language, kind).newest_first().values_list("pk", "updated_at")[:number])


@cache
def topics_names(language):
    """What the topics that readers know are called in a language, in their order; wants `at`."""
    return Prepared(lambda: Topic.objects.known(AT).values_list(f"name_{language}", flat=True))


@cache
def taken_back(language, kind, number):
    """The editions that ended a message last; wants `at`."""

    filters = {"language": language, **({"kind": kind} if kind else {})}
    return Prepared(lambda: Edition.objects.filter(**filters).taken_back(AT)[:number])


@cache
def standing_at(language):
    """The edition standing of the message at an address, in a list of one or none; wants `at`, `day` and `slug`."""

    def make():
        address = Given("day", DateField()), Given("slug", SlugField())
        message = Address.objects.reached(AT).message_of(language, *address)
        standing = with_neighbours(Edition.objects.standing(AT).whole(), AT)
        return with_translations(with_topics(standing), AT).filter(message=message)[:1]

    return Prepared(make)


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

    def milestones(self):
        """The Places of every STRIDEth edition, in order; to find them the database goes through the whole index."""
        language, kind, _is_within_dates = self._which
        dates = {name: value for name, value in self._values.items() if name in DATES}
        in_order = Window(RowNumber(), order_by=[F("published_at").desc(), F("message_id").desc()])
        readable = _readable(language, kind, self._values["at"]).filter(**dates)
        every = readable.annotate(nth=in_order, rest=F("nth") % STRIDE).filter(rest=0).order_by()
        return [Place(*place) for place in sorted(every.values_list("published_at", "message_id"), reverse=True)]

    def beyond(self, milestones, start, stop):
        """As `part`, from the nearest of `milestones`; `start` is STRIDE at least."""
        place = milestones[start // STRIDE - 1]
        return _beyond(*self._which, stop - start)(
            offset=start % STRIDE, published_at=place.published_at, message=place.message_id, **self._values
        )


class Far:
    """The way to what is far from both ends of a Listing: by milestones, once it is asked for often."""

    def __init__(self, listing):
        self._listing, self._asked = listing, 0

    def __call__(self, start, stop):
        """As Listing.part; None where milestones would cost more than the way."""
        self._asked += 1
        return self._listing.beyond(self._milestones, start, stop) if self._asked >= OFTEN else None

    @cached_property
    def _milestones(self):
        return self._listing.milestones()


@cache
def _part(language, kind, is_within_dates, number, from_the_end):
    return Prepared(
        lambda: part_of(_listed(language, kind, is_within_dates), "pk", OFFSET, OFFSET + number, from_the_end)
    )


@cache
def _beyond(language, kind, is_within_dates, number):
    def make():
        return part_of(_listed(language, kind, is_within_dates).earlier_than(PLACE), "pk", OFFSET, OFFSET + number)

    return Prepared(make)


def _listed(language, kind, is_within_dates):
    readable = _readable(language, kind)
    return readable.filter(**{name: Given(name, field) for name, field in DATES.items()} if is_within_dates else {})
