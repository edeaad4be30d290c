"""An export holds what the public reads, and an import of it gives the same again."""

import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as proving
from hypothesis import strategies as st

from press import exporting, importing
from press.acts import Seen
from press.models import Edition, Feature, Message
from press.withdraw import withdraw
from tests.press.factory import change, make_correction, make_live, make_message
from tests.press.test_importing import LINE, import_raw, raw

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# Later than anything in the demo.
LATER = datetime(2026, 12, 1, tzinfo=UTC)
# All that a reader can see, in pages, lists and feeds; spans begin anew with an import.
VISIBLE = [
    "number",
    "act",
    "live_until",
    "language",
    "kind",
    "title",
    "teaser",
    "body",
    "details",
    "signed_in",
    "signed_on",
    "published_at",
    "published_on",
    "updated_at",
    "note",
    "address__language",
    "address__date",
    "address__slug",
]


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


def export_raw(at=NOON):
    """The bytes of an export."""
    file = io.BytesIO()
    exporting.export(file, at)
    return file.getvalue()


def exported(at=NOON):
    """The objects of an export's lines."""
    return [json.loads(line) for line in export_raw(at).splitlines()]


def seen_after_import(content, at=NOON):
    """What readers see of the file `content` in an empty site, and its export; then it is empty again."""
    with transaction.atomic():
        import_raw(content)
        seen = list(Edition.objects.live(at).newest_first().values(*VISIBLE))
        again = export_raw(at)
        transaction.set_rollback(True)
    return seen, again


# What is exported


def test_export_writes_a_message_as_it_was_imported():
    line = {
        **LINE,
        "kind": "statement",
        "language": "ru",
        "title": "Заявление",
        "published_at": "2018-10-15T13:00:00+00:00",
        "slug": "zayavlenie",
        "teaser": "О чём оно.",
        "body": "<p>Текст.</p><p>Ещё.</p>",
        "featured": True,
        "signed_in": "Exampleville",
        "signed_on": "2018-10-14",
        "signatories": [{"on_behalf_of": "a", "name": "N. N."}, {"on_behalf_of": "b", "office": "Minister"}],
        "source": "old-7",
    }
    import_raw(raw(line))

    assert exported() == [line]
    assert "Заявление" in export_raw().decode()


def test_export_writes_questions_and_answers_without_ids():
    questions = [{"question": "Why <em>now</em>?", "answer": "<h3>So.</h3><p>Yes.</p>"}]
    import_raw(raw({"kind": "q-and-a", "body": "<p>First.</p>", "questions": questions}))

    (line,) = exported()

    assert (line["body"], line["questions"]) == ("<p>First.</p>", questions)


def test_text_that_looks_like_an_id_is_kept():
    body = '<p>&lt;p id="p1"&gt; <a href="https://example.org/?q=%3Cp%20id=%22p1%22">a</a></p>'
    import_raw(raw({"body": body}))

    assert exported()[0]["body"] == body


def test_export_holds_live_messages_only_oldest_first(freeze):
    make_message(title="A draft")
    changed = make_live(title="Live with a newer draft")
    change(changed, title="The newer draft", body="<p>New.</p>")
    make_live(title="Scheduled", at=NOON + 2 * MINUTE)
    withdrawn = make_live(title="Withdrawn")
    corrected = make_live(title="Before")
    freeze(NOON + MINUTE)
    withdraw(withdrawn, Seen.of(withdrawn), withdrawn.author, "An error.")
    make_correction(corrected, title="Corrected", body="<p>Other.</p>", note="Mended.")
    import_raw(raw({"title": "Imported"}, {"title": "Older", "published_at": "2018-10-14T12:00:00Z"}))

    titles = [line["title"] for line in exported(NOON + MINUTE)]

    assert titles == ["Older", "Imported", "Live with a newer draft", "Corrected"]
    assert [line["title"] for line in exported(NOON + 2 * MINUTE)] == [*titles, "Scheduled"]
    assert [line["title"] for line in exported(NOON)] == ["Live with a newer draft", "Withdrawn", "Before"]
    assert exported(NOON - MINUTE) == []


def test_export_tells_what_home_shows_in_full(freeze):
    import_raw(raw({"title": "First", "featured": True}, {"title": "Last", "featured": True}))
    import_raw(raw({"title": "Russian", "language": "ru", "featured": True}))
    ended = Message.objects.get(title="First")
    Feature.objects.create(message=ended, starts_at=NOON - 2 * MINUTE, ends_at=NOON - MINUTE, set_by=ended.author)

    assert [line["title"] for line in exported() if line.get("featured")] == ["Last", "Russian"]
    assert not any(line.get("featured") for line in exported(NOON + timedelta(days=14)))


def test_message_without_a_source_is_told_by_its_first_address(freeze):
    message = make_live(title="A visit", language="ru")
    freeze(NOON + MINUTE)
    make_correction(message, slug="another", body="<p>Other.</p>")

    (line,) = exported(NOON + MINUTE)

    assert line["slug"] == "another"
    assert line["source"] == "press.example.org/ru/messages/2026/05/12/a-visit/"


def test_export_makes_as_many_queries_for_many_as_for_one(freeze):
    counts = []
    for minute, number in ((0, 1), (2, 20)):
        freeze(NOON + minute * MINUTE)
        messages = [make_live() for _ in range(number)]
        freeze(NOON + (minute + 1) * MINUTE)
        for message in messages:
            make_correction(message)
        with CaptureQueriesContext(connection) as queries:
            lines = exported(NOON + (minute + 1) * MINUTE)
        counts.append((len(lines), len(queries)))

    assert [lines for lines, _queries in counts] == [1, 21]
    assert counts[0][1] == counts[1][1]


def test_export_is_not_ended_by_the_limits_of_requests():
    limits = []

    def read_limits(count):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
            )
            limits.append(cursor.fetchone())

    make_live()
    exporting.export(io.BytesIO(), NOON, read_limits)

    assert limits == [("0", "0")]


# There and back


def test_import_of_an_export_gives_the_same(settings, freeze):
    freeze(LATER)
    demo = (settings.BASE_DIR / "press" / "demo" / "messages.jsonl").read_bytes()
    twice = raw({"title": "The same"}, {"title": "The same"}, {"slug": f"{'x' * 80}-123456789"})

    first, exported_first = seen_after_import(demo + twice, LATER)
    second, exported_second = seen_after_import(exported_first, LATER)

    assert len(first) == 62
    assert first == second
    assert exported_first == exported_second


def test_import_of_messages_released_here_gives_the_same_elsewhere(settings):
    make_live(title="A visit", slug="a-visit", body="<ul><li>a<li>b</ul><table><tr><th>a<td>b</table><p>c")
    make_live(title="A visit", kind="q-and-a", questions=[("Why?", "<h3>So</h3><p>a"), ("<b>Why</b> not?", "<p>b")])
    make_live(title="A visit", kind="statement", signatories=["a", "b"], signed_in="Exampleville")
    make_live(title="A visit", body="")
    here = list(Edition.objects.live(NOON).newest_first().values(*VISIBLE))
    content = export_raw()
    settings.SITE_URL = "https://elsewhere.example.org"

    # The addresses are taken here, so the other site's have other numbers: they alone differ.
    there = import_and_compare(content)

    assert there == [{**row, "address__slug": None} for row in here]


def import_and_compare(content):
    """What readers see of an import beside the messages that are here, their slugs aside."""
    before = set(Edition.objects.values_list("pk", flat=True))
    import_raw(content)
    rows = Edition.objects.live(NOON).exclude(pk__in=before).newest_first().values(*VISIBLE)
    return [{**row, "address__slug": None} for row in rows]


def test_export_into_its_own_site_is_skipped(freeze):
    message = make_live(title="A visit")
    freeze(NOON + MINUTE)
    make_correction(message, slug="another", body="<p>Other.</p>")
    import_raw(raw({"source": "old-1"}))
    content = export_raw(NOON + MINUTE)

    assert import_raw(content) == importing.Outcome(new=0, seen=2)


def test_export_of_another_site_with_the_same_address_is_not_skipped(settings):
    make_live(title="A visit")
    content = export_raw().replace(b"press.example.org/", b"elsewhere.example.org/")

    assert import_raw(content) == importing.Outcome(new=1, seen=0)
    assert import_raw(content) == importing.Outcome(new=0, seen=1)


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs", "Cn"]), min_size=1, max_size=40
)
titles = words.filter(str.strip)
markup = st.sampled_from(
    ["<p>", "</p>", "<h2>", "<b>", "</b>", "<ul><li>", "</ul>", "<br>", "<table><tr><td>", "<i>", '&lt;p id="p1"&gt;']
)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
OLDEST = datetime(1900, 1, 2)  # noqa: DTZ001 — the strategy adds zones
NEWEST = datetime(2026, 5, 11)  # noqa: DTZ001
texts = st.lists(words | markup, min_size=1, max_size=12).map(lambda parts: "x" + "".join(parts))
moments = st.datetimes(OLDEST, NEWEST, timezones=offsets)
commons = {
    "language": st.sampled_from(["en", "ru"]),
    "title": titles | st.just("A visit"),
    "published_at": moments.map(datetime.isoformat) | st.just("2018-10-15T12:00:00Z"),
}
optional = {"teaser": words, "body": texts, "slug": st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True)}
sides = st.fixed_dictionaries({"on_behalf_of": titles}, optional={"name": words, "office": words})
pairs = st.fixed_dictionaries({"question": texts, "answer": texts | st.just("")})
lines = st.one_of(
    st.fixed_dictionaries({"kind": st.just("press-release"), **commons}, optional=optional),
    st.fixed_dictionaries(
        {"kind": st.just("statement"), **commons},
        optional={
            **optional,
            "signed_in": words,
            "signed_on": st.dates().map(str),
            "signatories": st.lists(sides, max_size=3),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("q-and-a"), **commons}, optional={**optional, "questions": st.lists(pairs, max_size=3)}
    ),
)


@proving(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(lines, min_size=1, max_size=4))
def test_any_export_comes_back_as_it_was(entries):
    content = "".join(json.dumps(entry) + "\n" for entry in entries).encode()

    first, exported_first = seen_after_import(content)
    second, exported_second = seen_after_import(exported_first)

    assert len(first) == len(entries)
    assert first == second
    assert without_sources(exported_first) == without_sources(exported_second)


def without_sources(content):
    """The objects of an export, where they come from aside."""
    return [{**json.loads(line), "source": None} for line in content.splitlines()]
