"""A file is imported whole or not at all; what comes of it is what an officer would have released."""

import io
import json
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from press import importing
from press.models import Address, Edition, Exchange, Feature, Kind, Message, Signatory
from tests.press.factory import make_live, make_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
LINE = {"kind": "press-release", "language": "en", "title": "A visit", "published_at": "2018-10-15T14:00:00+01:00"}
DAY = date(2018, 10, 15)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


def raw(*lines):
    """A file of these lines, given as changes to LINE."""
    return "".join(json.dumps({**LINE, **changes}, ensure_ascii=False) + "\n" for changes in lines).encode()


def import_raw(content):
    """Import the bytes of a file."""
    with importing.Checked() as checked:
        importing.check(io.BytesIO(content), checked)
        return importing.release_all(checked)


def import_lines(*lines):
    """Import lines, given as changes to LINE."""
    return import_raw(raw(*lines))


def faults_of(content):
    """The sentences with which the bytes of a file are refused, and their number."""
    with importing.Checked() as checked, pytest.raises(importing.FaultyFile) as refused:
        importing.check(io.BytesIO(content), checked)
    return refused.value.faults, refused.value.count


def slugs():
    """The slugs of the live editions in the order of the file."""
    return list(Edition.objects.live(NOON).order_by("message_id").values_list("address__slug", flat=True))


# What comes of a line


def test_import_releases_a_press_release():
    import_lines({"teaser": "They came.", "body": "<b>They</b> came.<script>x</script>", "source": "old-7"})

    edition = Edition.objects.live(NOON).get()
    by = get_user_model().objects.get(username="import")
    assert (edition.number, edition.act, edition.live_from, edition.live_until) == (1, "release", NOON, None)
    assert (edition.language, edition.kind, edition.title) == ("en", Kind.PRESS_RELEASE, "A visit")
    assert (edition.teaser, edition.body) == ("They came.", '<p id="p1"><strong>They</strong> came.</p>')
    assert edition.details == {"exchanges": [], "signatories": [], "topics": []}
    assert edition.published_at == edition.updated_at == datetime(2018, 10, 15, 13, 0, tzinfo=UTC)
    assert edition.published_on == DAY
    assert (edition.author, edition.releaser, edition.approver) == (by, by, None)
    assert (edition.note, edition.draft_version) == ("", 1)
    assert edition.is_intact()
    assert edition.get_absolute_url() == "/messages/2018/10/15/a-visit/"


def test_import_leaves_a_working_copy_that_can_be_corrected():
    import_lines({"body": "<b>They</b> came.<script>x</script>", "source": "old-7"})

    message = Message.objects.get()
    by = get_user_model().objects.get(username="import")
    assert (message.kind, message.language, message.title) == (Kind.PRESS_RELEASE, "en", "A visit")
    assert (message.body, message.teaser) == ("<p><strong>They</strong> came.</p>", "")
    assert (message.source, message.published_on, message.version) == ("old-7", DAY, 1)
    assert (message.author, message.changed_by, message.created_at, message.changed_at) == (by, by, NOON, NOON)


def test_import_releases_a_joint_statement():
    sides = [
        {"on_behalf_of": "The first side", "name": "N. N."},
        {"on_behalf_of": "The second side", "office": "Minister"},
    ]
    import_lines({"kind": "statement", "signed_in": "Exampleville", "signed_on": "2018-10-14", "signatories": sides})

    edition = Edition.objects.live(NOON).get()
    assert (edition.kind, edition.signed_in, edition.signed_on) == ("statement", "Exampleville", date(2018, 10, 14))
    assert edition.signatories == [
        {"on_behalf_of": "The first side", "name": "N. N.", "office": ""},
        {"on_behalf_of": "The second side", "name": "", "office": "Minister"},
    ]
    assert list(Signatory.objects.values_list("position", "on_behalf_of", "name", "office")) == [
        (0, "The first side", "N. N.", ""),
        (1, "The second side", "", "Minister"),
    ]


def test_import_releases_questions_and_answers():
    questions = [{"question": f"Why <i>{n}</i>?", "answer": f"<h2>So {n}.</h2>"} for n in (1, 2)]
    import_lines({"kind": "q-and-a", "questions": questions})

    edition = Edition.objects.live(NOON).get()
    assert edition.exchanges == [
        {"id": "q1", "question": "Why <em>1</em>?", "answer": '<h3 id="p1">So 1.</h3>'},
        {"id": "q2", "question": "Why <em>2</em>?", "answer": '<h3 id="p2">So 2.</h3>'},
    ]
    assert edition.teaser == "Why 1?"
    assert list(Exchange.objects.values_list("position", "question", "answer")) == [
        (0, "Why <em>1</em>?", "<h3>So 1.</h3>"),
        (1, "Why <em>2</em>?", "<h3>So 2.</h3>"),
    ]


@pytest.mark.parametrize(
    ("published_at", "day"),
    [
        ("2018-10-14T22:59:59+00:00", date(2018, 10, 14)),
        ("2018-10-14T23:00:00+00:00", date(2018, 10, 15)),
        ("2018-10-15T01:59:59+03:00", date(2018, 10, 14)),
        ("2018-12-14T23:59:59+00:00", date(2018, 12, 14)),
    ],
)
def test_readers_date_is_the_host_citys(published_at, day):
    import_lines({"published_at": published_at})

    assert Edition.objects.get().published_on == Address.objects.get().date == Message.objects.get().published_on == day


def test_import_is_live_from_its_moment_and_not_before():
    import_lines({})

    assert not Edition.objects.live(NOON - timedelta(microseconds=1)).exists()
    assert not Edition.objects.live(datetime(2018, 10, 16, tzinfo=UTC)).exists()
    assert Edition.objects.live(NOON).exists()


def test_importer_is_one_user_who_cannot_log_in():
    import_lines({})
    import_lines({})

    user = get_user_model().objects.get(username="import")
    assert not user.is_active
    assert not user.has_usable_password()
    assert Message.objects.filter(author=user).count() == 2


def test_featured_message_stands_first_for_14_days():
    import_lines({}, {"featured": True, "title": "The featured one"})

    feature = Feature.objects.get()
    assert feature.message.title == "The featured one"
    assert (feature.starts_at, feature.ends_at) == (NOON, NOON + timedelta(days=14))
    assert feature.set_by.username == "import"


def test_featured_message_leaves_home_on_a_whole_minute(freeze):
    freeze(NOON + timedelta(seconds=3))
    import_lines({"featured": True})

    assert Feature.objects.get().ends_at == NOON + timedelta(days=14, minutes=1)


# Addresses


def test_same_titles_of_a_day_are_numbered_in_the_order_of_the_file():
    import_lines({}, {}, {"language": "ru"}, {"published_at": "2018-10-16T14:00:00Z"}, {})

    assert slugs() == ["a-visit", "a-visit-2", "a-visit", "a-visit", "a-visit-3"]


def test_numbers_go_on_from_the_database_and_across_batches(monkeypatch):
    import_lines({}, {})
    monkeypatch.setattr(importing, "BATCH", 2)
    import_lines({}, {}, {}, {"slug": "a-visit-2"})

    assert slugs() == ["a-visit", "a-visit-2", "a-visit-3", "a-visit-4", "a-visit-5", "a-visit-2-2"]


def test_message_released_here_keeps_its_address(freeze):
    make_live(title="A visit")
    import_lines({"published_at": (NOON - timedelta(minutes=1)).isoformat()})

    assert slugs() == ["a-visit", "a-visit-2"]


def test_given_slug_is_kept_or_numbered():
    import_lines({"slug": "Other_slug"}, {"slug": "Other_slug"})

    assert slugs() == ["Other_slug", "Other_slug-2"]


def test_longest_slug_is_numbered_anew_when_it_is_taken():
    longest = f"{'x' * 80}-999999999"
    import_lines({"slug": longest}, {"slug": longest})

    assert slugs() == [longest, "x" * 80]


# What comes twice


def test_source_seen_before_is_skipped_and_counted():
    import_lines({"source": "old-1"})
    outcome = import_lines({"source": "old-1", "title": "Changed since"}, {"source": "old-2"}, {})

    assert outcome == importing.Outcome(new=2, seen=1)
    assert list(Message.objects.order_by("pk").values_list("source", "title")) == [
        ("old-1", "A visit"),
        ("old-2", "A visit"),
        (None, "A visit"),
    ]


def test_line_without_a_source_is_never_known():
    import_lines({})

    assert import_lines({}) == importing.Outcome(new=1, seen=0)


def test_source_in_two_lines_is_a_fault():
    content = raw({"source": "old-1"}, {"source": "old-2"}, {"source": "old-1"})

    assert faults_of(content) == (["line 3, source: is the same as in line 1"], 1)


# Faults


def test_all_faults_of_a_file_are_listed_with_their_lines():
    content = raw({"tags": []}, {}) + b"\n{\n" + raw({"title": "", "slug": "/"})

    assert faults_of(content) == (
        [
            "line 1, tags: is not a key of the format",
            "line 4: is not JSON: Expecting property name enclosed in double quotes (character 2)",
            "line 5, title: is empty",
            "line 5, slug: must be 1 to 80 of the characters a to z, A to Z, 0 to 9, - and _",
        ],
        4,
    )


def test_faults_beyond_the_limit_are_counted_only(monkeypatch):
    monkeypatch.setattr(importing, "FAULTS_KEPT", 3)
    content = raw({"title": "", "slug": "/"}, {"title": "", "slug": "/"}, {"title": ""})

    faults, count = faults_of(content)

    assert [fault.partition(":")[0] for fault in faults] == ["line 1, title", "line 1, slug", "line 2, title"]
    assert count == 5


def test_fault_of_the_database_takes_everything_back(monkeypatch):
    make_message(title="Was there")
    monkeypatch.setattr(importing, "BATCH", 1)
    batches = []

    def fail_second(entries, by, at, groups):
        batches.append(entries)
        release_batch(entries, by, at, groups)
        if len(batches) == 2:
            raise RuntimeError

    release_batch = importing.release_batch
    monkeypatch.setattr(importing, "release_batch", fail_second)

    with pytest.raises(RuntimeError):
        import_lines({}, {}, {})

    assert len(batches) == 2
    assert [message.title for message in Message.objects.all()] == ["Was there"]
    assert not Edition.objects.exists()
    assert not get_user_model().objects.filter(username="import").exists()


# Lines


def test_byte_order_mark_blank_lines_and_other_line_ends_do_not_matter():
    assert import_raw(b"\xef\xbb\xbf" + raw({}).replace(b"\n", b"\r\n") + b"  \r\n\n" + raw({})[:-1]).new == 2


def test_byte_order_mark_inside_the_file_is_a_fault():
    faults, _count = faults_of(raw({}) + b"\xef\xbb\xbf" + raw({}))

    assert faults == ["line 2: is not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig) (character 1)"]


def test_empty_file_holds_nothing():
    assert import_raw(b"\n") == importing.Outcome(new=0, seen=0)


def test_line_that_is_too_long_is_a_fault_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(importing, "LONGEST_LINE", 300)
    content = raw({"body": "x" * 1000}, {"title": ""}) + raw({"body": "x" * 1000})[:-1]

    assert faults_of(content) == (
        ["line 1: is longer than 300 bytes", "line 2, title: is empty", "line 3: is longer than 300 bytes"],
        3,
    )


@pytest.mark.parametrize(("longer", "refused"), [(0, False), (1, True)])
def test_longest_line(monkeypatch, longer, refused):
    line = raw({})
    monkeypatch.setattr(importing, "LONGEST_LINE", len(line) - 1 - longer)

    assert (faults_of(line)[1] if refused else import_raw(line).new) == 1
    assert Message.objects.exists() is not refused


def test_progress_tells_every_byte_and_every_message(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    content, told = raw({}, {}, {}), []

    with importing.Checked() as checked:
        importing.check(io.BytesIO(content), checked, lambda size: told.append(size))
        assert (sum(told), checked.count) == (len(content), 3)
        told.clear()
        importing.release_all(checked, told.append)

    assert told == [2, 1]


# In bulk


@pytest.mark.parametrize("limit", ["BATCH", "BATCH_BYTES"])
def test_batches_are_bounded(monkeypatch, limit):
    monkeypatch.setattr(importing, limit, {"BATCH": 2, "BATCH_BYTES": 300}[limit])
    content = raw({}, {}, {"body": "x" * 400}, {})

    with importing.Checked() as checked:
        importing.check(io.BytesIO(content), checked)
        sizes = [len(batch) for batch in checked.batches()]

    assert sizes == {"BATCH": [2, 2, 0], "BATCH_BYTES": [3, 1]}[limit]


def test_import_needs_no_query_for_a_single_message():
    lines = [
        {"title": f"{kind} {n}", "kind": kind, "source": f"{kind}-{n}", "featured": True, "body": "<p>a</p>", **parts}
        for n in range(10)
        for kind, parts in {
            "press-release": {},
            "statement": {"signatories": [{"on_behalf_of": "a"}]},
            "q-and-a": {"questions": [{"question": "a", "answer": "b"}]},
        }.items()
    ]
    import_lines({})
    counts = []
    for chosen in (lines[:3], lines[3:]):
        with CaptureQueriesContext(connection) as queries:
            # What release_all forgets after each batch is what is counted here.
            importing.reset_queries, kept = (lambda: None), importing.reset_queries
            try:
                import_lines(*chosen)
            finally:
                importing.reset_queries = kept
        counts.append(len(queries))

    assert counts[0] == counts[1] > 6
    assert Edition.objects.live(NOON).count() == 31


def test_long_import_is_not_ended_by_the_limits_of_requests():
    limits = []

    def read_limits(count):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            limits.append(cursor.fetchone())
            cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout')")
            limits.append(cursor.fetchone())

    with importing.Checked() as checked:
        importing.check(io.BytesIO(raw({})), checked)
        importing.release_all(checked, read_limits)

    assert limits == [("0", "5s"), ("0",)]


def test_second_import_at_once_is_refused():
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [importing.LOCK])

        with pytest.raises(importing.AlreadyRunning):
            import_lines({})

        # A server whose client just hangs up may hold it into the next test.
        cursor.execute("SELECT pg_advisory_unlock(%s)", [importing.LOCK])

    assert not Message.objects.exists()


# The demo


def test_demo_content_is_imported(freeze):
    later = freeze(datetime(2026, 12, 1, tzinfo=UTC))
    with (settings.BASE_DIR / "press" / "demo" / "messages.jsonl").open("rb") as file:
        content = file.read()

    outcome = import_raw(content)

    live = Edition.objects.live(later)
    assert outcome == importing.Outcome(new=59, seen=0)
    assert {kind: live.filter(kind=kind).count() for kind in Kind.values} == {
        "press-release": 36,
        "statement": 14,
        "q-and-a": 9,
    }
    assert {code: live.filter(language=code).count() for code in ("en", "ru")} == {"en": 36, "ru": 23}
    assert sum(edition.is_joint for edition in live) >= 1
    assert len(live.dates("published_on", "year")) >= 3
    assert import_raw(content) == importing.Outcome(new=0, seen=59)
