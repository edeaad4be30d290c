"""Release many messages at once, as an import does: few statements, none for a single row."""

from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Q

from embassy import clock
from embassy.chain import Act
from press.content import FIELDS, PARTS, TOPICS
from press.models import (
    Address,
    Edition,
    Event,
    Exchange,
    Feature,
    Message,
    MessageTopic,
    Signatory,
    Topic,
    Translation,
    Version,
)
from press.release import compose_text
from press.slugs import SLUG_LENGTH, numbered, slug_of
from press.versions import version_of

FEATURED_FOR = timedelta(days=14)


def release_batch(entries, by, at, groups):
    """Release `entries` (press.message_lines.Entry) in the name of the user `by`, live from the moment `at`.

    `groups` (press.translation_lines.Groups) knows the translations of earlier batches. Call it in a transaction, with
    at most a few thousand entries: all are held in memory.
    """
    messages = Message.objects.bulk_create([_message(entry, by, at) for entry in entries])
    pairs = list(zip(messages, entries, strict=True))
    slugs = Slugs({message.published_on for message in messages})
    topics = _topics(entries)
    addresses = Address.objects.bulk_create(_address(message, entry, slugs) for message, entry in pairs)
    Exchange.objects.bulk_create(_parts(Exchange, pairs, "questions"))
    Signatory.objects.bulk_create(_parts(Signatory, pairs, "signatories"))
    MessageTopic.objects.bulk_create(
        MessageTopic(message=message, topic_id=topics[topic["slug"]])
        for message, entry in pairs
        for topic in entry.topics
    )
    Translation.objects.bulk_create(
        Translation(message_id=key, language=language, group=group) for key, language, group in groups.linked(pairs)
    )
    Edition.objects.bulk_create(
        _edition(message, entry, address, by, at) for (message, entry), address in zip(pairs, addresses, strict=True)
    )
    Event.objects.bulk_create(
        Event(message=message, what=Event.What.IMPORTED, by=by, at=at, version=message.version, effective_at=at)
        for message in messages
    )
    Version.objects.bulk_create(version_of(message, _content(message, entry, topics)) for message, entry in pairs)
    Feature.objects.bulk_create(
        Feature(message=message, starts_at=at, ends_at=clock.whole_minute_from(at + FEATURED_FOR), set_by=by)
        for message, entry in pairs
        if entry.featured
    )


def unreleased(entries, own_host):
    """Those of `entries` that are not in the database: neither by their source nor, written here, themselves.

    What export_messages wrote of a message without a source has its first address below `own_host`
    as its source (press.exporting).
    """
    sources = [entry.source for entry in entries if entry.source]
    known = set(Message.objects.filter(source__in=sources).values_list("source", flat=True))
    own = {source for source in sources if source.startswith(f"{own_host}/")} - known
    dates = {clock.host_date(entry.published_at) for entry in entries if entry.source in own}
    written_here = _addresses(dates, message__source=None)
    return [
        entry
        for entry in entries
        if entry.source not in known
        and not (
            entry.source in own and (entry.language, clock.host_date(entry.published_at), entry.slug) in written_here
        )
    ]


class Slugs:
    """The slugs of some dates: which are taken, and by which number to go on."""

    def __init__(self, dates):
        self.taken = _addresses(dates)
        self.candidates = {}

    def take(self, language, date, wanted):
        """The slug `wanted`, or the first free one after it: wanted-2, wanted-3 …"""
        candidates = self.candidates.setdefault((language, date, wanted), _candidates(wanted))
        slug = next(slug for slug in candidates if (language, date, slug) not in self.taken)
        self.taken.add((language, date, slug))
        return slug


def _candidates(wanted):
    if len(wanted) <= SLUG_LENGTH:
        return numbered(wanted)
    # It has its number already; another one on top would be too long.
    return chain([wanted], numbered(wanted.rpartition("-")[0]))


def _addresses(dates, **of):
    languages = Q(language__in=[code for code, _name in settings.LANGUAGES])
    found = Address.objects.filter(languages, date__in=dates, **of) if dates else Address.objects.none()
    return set(found.values_list("language", "date", "slug"))


def _message(entry, by, at):
    return Message(
        kind=entry.kind,
        language=entry.language,
        title=entry.title,
        teaser=entry.teaser,
        body=entry.body,
        signed_in=entry.signed_in,
        signed_on=entry.signed_on,
        source=entry.source,
        author=by,
        changed_by=by,
        created_at=at,
        changed_at=at,
        published_on=clock.host_date(entry.published_at),
    )


def _address(message, entry, slugs):
    wanted = entry.slug or slug_of(entry.title, entry.kind)
    slug = slugs.take(message.language, message.published_on, wanted)
    return Address(message=message, language=message.language, date=message.published_on, slug=slug)


def _parts(model, pairs, name):
    """The rows of a repeating part, in order."""
    return [
        model(message=message, position=position, **part)
        for message, entry in pairs
        for position, part in enumerate(getattr(entry, name))
    ]


def _topics(entries):
    """The keys of the topics that `entries` name, by their slugs; those that are not here yet are made."""
    named = {topic["slug"]: topic for entry in entries for topic in entry.topics}
    here = Topic.objects.filter(slug__in=named)
    known = set(here.values_list("slug", flat=True))
    Topic.objects.bulk_create(Topic(**topic) for slug, topic in named.items() if slug not in known)
    return dict(here.all().values_list("slug", "pk"))


def _signatories(entry):
    return [{"name": "", "office": "", **signatory} for signatory in entry.signatories]


def _content(message, entry, topics):
    """What press.content reads of the message, without a query for each."""
    stored = {name: getattr(message, name) for name in FIELDS}
    none = {part.name: [] for part in PARTS}
    chosen = TOPICS.rows(topics[topic["slug"]] for topic in entry.topics)
    parts = {"exchanges": entry.questions, "signatories": _signatories(entry), TOPICS.name: chosen}
    return {**stored, **none, **parts}


def _edition(message, entry, address, by, at):
    parts = entry.questions, _signatories(entry), [topic["slug"] for topic in entry.topics]
    edition = compose_text(message, *parts, [], Act.RELEASE, begins=at, published_at=entry.published_at)
    edition.address = address
    edition.releaser = by
    edition.seal()
    return edition
