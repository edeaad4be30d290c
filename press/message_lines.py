"""The lines of an import file: one message each, as a JSON object (docs/import.md).

`read` checks a line and returns what it says, its rich text cleaned; every fault of the line comes
as a pair of field and reason, so that a file can be mended in one go.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings

from press import richtext
from press.models import Kind, Signatory, Topic
from press.models.message import TEASER_LENGTH, TITLE_LENGTH, Message

FIRST_YEAR = 1900
LONGEST_LIST = 1000
LONGEST_NAME = 200
# What PostgreSQL cannot store, and what besides no feed can hold.
NUL, SURROGATE = re.compile("\x00"), re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
LINE_BREAK = re.compile("[\t\n\r\x85\u2028\u2029]")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A slug has up to 80 characters; the number that tells it from its namesakes may come on top.
SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}(-[0-9]{1,9})?")
TOPIC = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")


class Faulty(Exception):  # noqa: N818 — it carries faults, it is not one
    """A value is refused; `faults` are pairs of path (a tuple, outermost first) and reason (a sentence's end)."""

    def __init__(self, *faults):
        super().__init__(*faults)
        self.faults = faults

    @classmethod
    def because(cls, reason):
        """The value itself is refused, for one `reason`."""
        return cls(((), reason))

    def below(self, name):
        """The same faults, seen from the object or list that has the value under `name`."""
        return [((name, *path), reason) for path, reason in self.faults]


@dataclass
class Entry:
    """What a line says: moments aware and in UTC, rich text clean, dates as dates."""

    kind: str
    language: str
    title: str
    published_at: datetime
    slug: str = ""
    teaser: str = ""
    body: str = ""
    featured: bool = False
    signed_in: str = ""
    signed_on: date | None = None
    signatories: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    translations: str | None = None
    source: str | None = None


def read(line, now):
    """The Entry that `line` (bytes) holds; `now` (aware) is the moment before which it was published.

    Raises Faulty with every fault of the line.
    """
    content = _parse(line)
    faults, clean = _members(content, ENTRY, REQUIRED)
    if isinstance(content, dict):
        faults += _of_another_kind(content)
    if clean.get("published_at", now) > now:
        faults.append((("published_at",), "lies in the future; only what has been published can be imported"))
    if faults:
        raise Faulty(*faults)
    return Entry(**clean)


def shown(path):
    """The path of a fault as people read it: `questions 2 answer` (counted from 1); a key of any length and sort."""
    return " ".join(name if name.isprintable() and len(name) <= 40 else repr(name[:40]) for name in map(str, path))


class _Members(dict):
    """A JSON object that remembers which keys it has more than once."""

    def __init__(self, pairs):
        super().__init__(pairs)
        counts = Counter(name for name, _value in pairs) if len(self) < len(pairs) else {}
        self.repeated = [name for name, count in counts.items() if count > 1]


def _parse(line):
    try:
        return json.loads(line.decode(), object_pairs_hook=_Members, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise Faulty.because(f"is not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise Faulty.because(f"is not JSON: {error.msg} (character {error.pos + 1})") from error
    except RecursionError as error:
        raise Faulty.because("is nested too deeply") from error
    except ValueError as error:
        raise Faulty.because("holds a number that is too long") from error


def _refuse_constant(name):
    raise Faulty.because(f"holds {name}, which is not JSON")


def _members(value, checks, required):
    """The faults of an object and its clean members by name."""
    if not isinstance(value, dict):
        return [((), "must be an object: {…}")], {}
    faults = [((name,), "is not a key of the format") for name in value if name not in checks]
    faults += [((name,), "is there more than once") for name in value.repeated]
    faults += [((name,), "is missing") for name in required if name not in value]
    clean = {}
    for name, check in checks.items():
        if name in value:
            try:
                clean[name] = check(value[name])
            except Faulty as fault:
                faults += fault.below(name)
    return faults, clean


def _of_another_kind(content):
    kind = content.get("kind")
    if kind not in Kind.values:
        return []
    return [
        ((name,), f"is for messages of the kind {owner} only")
        for name, owner in KIND_OF.items()
        if name in content and kind != owner
    ]


def _string(value):
    if not isinstance(value, str):
        raise Faulty.because("must be text")
    if NUL.search(value):
        raise Faulty.because("holds the character NUL")
    if SURROGATE.search(value):
        raise Faulty.because("holds half of a surrogate pair, which is no character")
    return value


def _text(limit, required=False, lines=False):
    """A check: plain text of at most `limit` characters, its edges stripped, of one line unless `lines`."""

    def check(value):
        text = _string(value).strip()
        if required and not text:
            raise Faulty.because("is empty")
        if len(text) > limit:
            raise Faulty.because(f"has {len(text)} characters; at most {limit} are allowed")
        if CONTROL.search(text):
            raise Faulty.because("holds a control character")
        if not lines and LINE_BREAK.search(text):
            raise Faulty.because("holds a line break or a tab; it must be one line")
        return text

    return check


def _html(clean, may_be_empty=False):
    """A check: HTML that holds words once it has gone through `clean`."""

    def check(value):
        text = clean(_string(value))
        if not text and not (may_be_empty and value == ""):
            raise Faulty.because("holds no words once it is cleaned")
        return text

    return check


def _one_of(*values):
    def check(value):
        if value not in values:
            raise Faulty.because(f"must be one of: {', '.join(values)}")
        return value

    return check


def _list_of(checks, required):
    """A check: a list of objects with these members."""

    def check(value):
        if not isinstance(value, list):
            raise Faulty.because("must be a list: […]")
        if len(value) > LONGEST_LIST:
            raise Faulty.because(f"has {len(value)} items; at most {LONGEST_LIST} are allowed")
        found = [_members(item, checks, required) for item in value]
        faults = [((at, *path), reason) for at, (own, _) in enumerate(found, 1) for path, reason in own]
        if faults:
            raise Faulty(*faults)
        return [clean for _, clean in found]

    return check


def _flag(value):
    if not isinstance(value, bool):
        raise Faulty.because("must be true or false")
    return value


def _slug(value):
    if not SLUG.fullmatch(_string(value)):
        raise Faulty.because("must be 1 to 80 of the characters a to z, A to Z, 0 to 9, - and _")
    return value


def _topic(value):
    if not TOPIC.fullmatch(_string(value)):
        raise Faulty.because("must be 1 to 60 of the characters a to z and 0 to 9, with single - between them")
    return value


def _each_once(check, name):
    """A check: as `check`, and no two objects of the list have the same `name`."""

    def checked(value):
        found = check(value)
        if len({each[name] for each in found}) < len(found):
            raise Faulty.because(f"has the same {name} more than once")
        return found

    return checked


def _moment(value):
    text = _string(value)
    try:
        moment = datetime.fromisoformat(text) if MOMENT.fullmatch(text) or DAY.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Faulty.because("is not a moment in ISO 8601, like 2018-10-15T14:00:00+01:00")
    if moment.tzinfo is None:
        raise Faulty.because("has no time with an offset from UTC, like 2018-10-15T14:00:00+01:00")
    if moment.year < FIRST_YEAR:
        raise Faulty.because(f"lies before the year {FIRST_YEAR}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise Faulty.because("lies in the future; only what has been published can be imported") from error


def _day(value):
    text = _string(value)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Faulty.because("is not a date in ISO 8601, like 2018-10-15")


def _length(model, name):
    return model._meta.get_field(name).max_length


SIGNATORY = {
    "on_behalf_of": _text(_length(Signatory, "on_behalf_of"), required=True),
    "name": _text(_length(Signatory, "name")),
    "office": _text(_length(Signatory, "office")),
}
QUESTION = {
    "question": _html(richtext.clean_inline),
    "answer": _html(richtext.clean_answer, may_be_empty=True),
}
NAMES = ("name_en", "name_ru")
TOPIC_MEMBERS = {"slug": _topic, **{name: _text(_length(Topic, name), required=True) for name in NAMES}}
ENTRY = {
    "kind": _one_of(*Kind.values),
    "language": _one_of(*(code for code, _name in settings.LANGUAGES)),
    "title": _text(TITLE_LENGTH, required=True),
    "published_at": _moment,
    "slug": _slug,
    "teaser": _text(TEASER_LENGTH, lines=True),
    "body": _html(richtext.clean),
    "featured": _flag,
    "signed_in": _text(_length(Message, "signed_in")),
    "signed_on": _day,
    "signatories": _list_of(SIGNATORY, ["on_behalf_of"]),
    "questions": _list_of(QUESTION, ["question", "answer"]),
    "topics": _each_once(_list_of(TOPIC_MEMBERS, ["slug", *NAMES]), "slug"),
    "translations": _text(LONGEST_NAME, required=True),
    "source": _text(_length(Message, "source"), required=True),
}
REQUIRED = ("kind", "language", "title", "published_at")
KIND_OF = {
    "signed_in": Kind.STATEMENT,
    "signed_on": Kind.STATEMENT,
    "signatories": Kind.STATEMENT,
    "questions": Kind.Q_AND_A,
}
