"""A line of an import file is read, or refused with every fault it has."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from press.message_lines import Entry, Faulty, read, shown

NOW = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
LINE = {"kind": "press-release", "language": "en", "title": "A visit", "published_at": "2018-10-15T14:00:00+01:00"}
STATEMENT = {**LINE, "kind": "statement"}
Q_AND_A = {**LINE, "kind": "q-and-a"}
ONE_SIDE = {"on_behalf_of": "The first side"}


def faults_of(line):
    """The faults of a line (a dict, or text as it stands), as pairs of field and reason."""
    raw = line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
    with pytest.raises(Faulty) as refused:
        read(raw, NOW)
    return [(shown(path), reason) for path, reason in refused.value.faults]


def entry_of(**changes):
    """The entry of a line with these changes."""
    return read(json.dumps({**LINE, **changes}).encode(), NOW)


# What is read


def test_line_of_the_least_is_read():
    assert entry_of() == Entry(
        kind="press-release",
        language="en",
        title="A visit",
        published_at=datetime(2018, 10, 15, 13, 0, tzinfo=UTC),
    )


def test_line_with_every_key_of_a_statement_is_read():
    entry = entry_of(
        kind="statement",
        language="ru",
        slug="vizit",
        teaser="Первая строка.\nВторая.",
        body="<b>Текст</b>",
        featured=True,
        signed_in="Exampleville",
        signed_on="2018-10-14",
        signatories=[ONE_SIDE, {**ONE_SIDE, "name": "N. N.", "office": "Minister"}],
        source="old-7",
    )

    assert entry == Entry(
        kind="statement",
        language="ru",
        title="A visit",
        published_at=datetime(2018, 10, 15, 13, 0, tzinfo=UTC),
        slug="vizit",
        teaser="Первая строка.\nВторая.",
        body="<p><strong>Текст</strong></p>",
        featured=True,
        signed_in="Exampleville",
        signed_on=date(2018, 10, 14),
        signatories=[ONE_SIDE, {**ONE_SIDE, "name": "N. N.", "office": "Minister"}],
        source="old-7",
    )


def test_rich_text_is_cleaned_and_answers_stay_below_their_question():
    questions = [{"question": "<p>Why <b>now</b>?<script>x</script></p>", "answer": "<h1 onclick='x'>So</h1>"}]

    entry = entry_of(kind="q-and-a", body="<h1>First</h1><script>x</script>", questions=questions)

    assert entry.body == "<h2>First</h2>"
    assert entry.questions == [{"question": "Why <strong>now</strong>?", "answer": "<h3>So</h3>"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  A visit \n"},
        {"published_at": "2018-10-15 13:00Z"},
        {"published_at": "2018-10-15T16:00:00.000+03:00"},
        {"featured": False},
        {"teaser": ""},
    ],
)
def test_spelling_makes_no_difference(changes):
    assert entry_of(**changes) == entry_of()


def test_moment_keeps_its_microseconds():
    assert entry_of(published_at="2018-10-15T14:00:00.000001+01:00").published_at.microsecond == 1


def test_published_now_is_the_last_moment():
    assert entry_of(published_at=NOW.isoformat()).published_at == NOW
    assert faults_of({**LINE, "published_at": (NOW + timedelta(microseconds=1)).isoformat()}) == [
        ("published_at", "lies in the future; only what has been published can be imported")
    ]


@pytest.mark.parametrize("limit", [{"title": "x" * 200}, {"slug": "x" * 80}, {"slug": f"{'x' * 80}-123456789"}])
def test_longest_values_are_read(limit):
    assert read(json.dumps({**LINE, **limit}).encode(), NOW)


def test_answer_may_be_empty():
    entry = entry_of(kind="q-and-a", questions=[{"question": "Why?", "answer": ""}])

    assert entry.questions == [{"question": "Why?", "answer": ""}]


# What is refused as a whole


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xff{}", "is not UTF-8 (byte 1)"),
        (b'{"title": "\xed\xa0\x80"}', "is not UTF-8 (byte 12)"),
        ('{"kind": ', "is not JSON: Expecting value (character 10)"),
        ('{"title": "a\x00b"}', "is not JSON: Invalid control character at (character 13)"),
        ('{"title": NaN}', "holds NaN, which is not JSON"),
        ('{"title": -Infinity}', "holds -Infinity, which is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"title": ' + "1" * 5000 + "}", "holds a number that is too long"),
        ("[]", "must be an object: {…}"),
        ("null", "must be an object: {…}"),
    ],
)
def test_line_that_is_no_message_is_refused(line, reason):
    assert faults_of(line) == [("", reason)]


# What is refused of a field

TEXT = "must be text"
ONE_LINE = "holds a line break or a tab; it must be one line"
TOO_LONG = "has 201 characters; at most 200 are allowed"
HALF = "holds half of a surrogate pair, which is no character"
ISO = "is not a moment in ISO 8601, like 2018-10-15T14:00:00+01:00"
ZONE = "has no time with an offset from UTC, like 2018-10-15T14:00:00+01:00"
FUTURE = "lies in the future; only what has been published can be imported"
DAY = "is not a date in ISO 8601, like 2018-10-15"
SLUG = "must be 1 to 80 of the characters a to z, A to Z, 0 to 9, - and _"
NO_WORDS = "holds no words once it is cleaned"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("kind", "news", "must be one of: press-release, statement, q-and-a"),
        ("kind", ["statement"], "must be one of: press-release, statement, q-and-a"),
        ("language", "de", "must be one of: en, ru"),
        ("language", None, "must be one of: en, ru"),
        ("title", None, TEXT),
        ("title", 7, TEXT),
        ("title", " \n", "is empty"),
        ("title", "x" * 201, TOO_LONG),
        ("title", "a\nb", ONE_LINE),
        ("title", "a\u2028b", ONE_LINE),
        ("title", "a\x07b", "holds a control character"),
        ("title", "a\x00b", "holds the character NUL"),
        ("title", "a\ud83db", HALF),
        ("published_at", 1539608400, TEXT),
        ("published_at", "15 October 2018", ISO),
        ("published_at", "2018-10-15T25:00:00+01:00", ISO),
        ("published_at", "2018-02-30T12:00:00Z", ISO),
        ("published_at", "2018-10-15T14:00:00", ZONE),
        ("published_at", "2018-10-15", ZONE),
        ("published_at", "9999-12-31T23:59:00-12:00", FUTURE),
        ("published_at", "0201-08-10T12:00:00Z", "lies before the year 1900"),
        ("slug", "", SLUG),
        ("slug", "визит", SLUG),
        ("slug", "a/b", SLUG),
        ("slug", "a\n", SLUG),
        ("slug", "x" * 81, SLUG),
        ("teaser", "x" * 301, "has 301 characters; at most 300 are allowed"),
        ("teaser", "a\x0bb", "holds a control character"),
        ("teaser", {}, TEXT),
        ("body", "", NO_WORDS),
        ("body", "<p>&nbsp;</p><script>x</script>", NO_WORDS),
        ("body", "<p>a\x00b</p>", "holds the character NUL"),
        ("body", "<p>a\udc00b</p>", HALF),
        ("body", ["<p>a</p>"], TEXT),
        ("featured", "yes", "must be true or false"),
        ("featured", 1, "must be true or false"),
        ("source", "", "is empty"),
        ("source", 7, TEXT),
        ("source", "x" * 201, TOO_LONG),
        ("author", "N. N.", "is not a key of the format"),
        ("signed_in", "Exampleville", "is for messages of the kind statement only"),
        ("signed_on", "2018-10-15", "is for messages of the kind statement only"),
        ("signatories", [], "is for messages of the kind statement only"),
        ("questions", [], "is for messages of the kind q-and-a only"),
    ],
)
def test_value_is_refused_with_its_field_and_the_reason(name, value, reason):
    assert faults_of({**LINE, name: value}) == [(name, reason)]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"signed_on": "15.10.2018"}, "signed_on", DAY),
        ({"signed_on": "20181015"}, "signed_on", DAY),
        ({"signed_on": "2018-02-30"}, "signed_on", DAY),
        ({"signed_on": 2018}, "signed_on", TEXT),
        ({"signed_in": "x" * 101}, "signed_in", "has 101 characters; at most 100 are allowed"),
        ({"signatories": ONE_SIDE}, "signatories", "must be a list: […]"),
        ({"signatories": ["The first side"]}, "signatories 1", "must be an object: {…}"),
        ({"signatories": [ONE_SIDE, {"name": "N. N."}]}, "signatories 2 on_behalf_of", "is missing"),
        ({"signatories": [{"on_behalf_of": " "}]}, "signatories 1 on_behalf_of", "is empty"),
        ({"signatories": [{**ONE_SIDE, "role": "x"}]}, "signatories 1 role", "is not a key of the format"),
        ({"signatories": [{**ONE_SIDE, "name": "a\nb"}]}, "signatories 1 name", ONE_LINE),
        ({"signatories": [{**ONE_SIDE, "office": "x" * 201}]}, "signatories 1 office", TOO_LONG),
        ({"signatories": [ONE_SIDE] * 1001}, "signatories", "has 1001 items; at most 1000 are allowed"),
    ],
)
def test_part_of_a_statement_is_refused(changes, field, reason):
    assert faults_of({**STATEMENT, **changes}) == [(field, reason)]


@pytest.mark.parametrize(
    ("question", "field", "reason"),
    [
        ("Why?", "questions 1", "must be an object: {…}"),
        ({"question": "Why?"}, "questions 1 answer", "is missing"),
        ({"question": "<p></p>", "answer": "So."}, "questions 1 question", NO_WORDS),
        ({"question": "Why?", "answer": "<p></p>"}, "questions 1 answer", NO_WORDS),
        ({"question": "Why?", "answer": "So.", "id": "q1"}, "questions 1 id", "is not a key of the format"),
    ],
)
def test_question_is_refused(question, field, reason):
    assert faults_of({**Q_AND_A, "questions": [question]}) == [(field, reason)]


def test_key_that_is_missing_is_named():
    assert faults_of({}) == [(name, "is missing") for name in ("kind", "language", "title", "published_at")]


def test_key_that_is_there_twice_is_named_once():
    line = json.dumps(LINE)[:-1] + ', "title": "b", "title": "c"}'

    assert faults_of(line) == [("title", "is there more than once")]


def test_key_that_is_there_twice_within_a_part_is_named():
    line = json.dumps(STATEMENT)[:-1] + ', "signatories": [{"on_behalf_of": "a", "on_behalf_of": "b"}]}'

    assert faults_of(line) == [("signatories 1 on_behalf_of", "is there more than once")]


def test_unknown_key_is_shown_safely():
    assert faults_of({**LINE, "\x1b[31m": 1, "x" * 50: 1}) == [
        ("'\\x1b[31m'", "is not a key of the format"),
        (repr("x" * 40), "is not a key of the format"),
    ]


def test_every_fault_of_a_line_is_found():
    line = {"kind": "q-and-a", "title": "", "published_at": "now", "signed_in": "a", "questions": [{}], "tags": []}

    assert faults_of(line) == [
        ("tags", "is not a key of the format"),
        ("language", "is missing"),
        ("title", "is empty"),
        ("published_at", ISO),
        ("questions 1 question", "is missing"),
        ("questions 1 answer", "is missing"),
        ("signed_in", "is for messages of the kind statement only"),
    ]
