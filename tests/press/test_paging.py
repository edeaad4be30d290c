"""Lists by page: the right editions from either end, and how many rows the database reads for them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from embassy.page_cache.memo import Memo
from embassy.page_cache.shelf import STAMP, Stamp
from press import paging, reading
from press.models import Edition, Kind
from press.models.edition import within
from press.paging import PER_PAGE, page_by_parts, page_of
from tests.press.factory import make_copies, make_live, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MANY, SOME = 10_000, 1_000


@pytest.fixture
def archive(freeze):
    """SOME messages and one; returns the live editions."""
    return make_archive(freeze, SOME)


def make_archive(freeze, number):
    """As many messages, an hour apart, and one; returns the live editions."""
    freeze(NOON)
    make_copies(make_live(), number, hours_apart=1)
    return Edition.objects.live(NOON).filter(language="en")


def rows_read(sql):
    """How many rows the scans of a query go through, those that are thrown away among them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    return _scanned((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def _scanned(plan):
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Scan" in plan["Node Type"] else 0
    inner = sum(_scanned(child) for child in plan.get("Plans", []))
    return here * plan["Actual Loops"] + inner


def read_for(client, path):
    """The rows read for all queries of a page, but its count."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return sum(rows_read(query["sql"]) for query in queries if "COUNT(" not in query["sql"])


# The most rows that may be read for a page.
BOUNDS = {
    "/": 100,
    "/messages/": 100,
    "/messages/?page=2": 140,
    "/messages/press-releases/": 100,
    # From the end it is as near as the first from the beginning.
    "/messages/?page=501": 100,
    "/messages/?page=500": 140,
    # The middle is the farthest.
    "/messages/?page=251": MANY // 2 + 100,
    # A month, and the day before and after it.
    "/messages/2026/03/": 33 * 24,
    "/messages/press-releases/2025/?page=2": 200,
    "/feeds/atom.xml": 60,
    "/sitemap.xml": 20,
}


def test_pages_read_few_rows_of_a_large_archive(client, freeze):
    make_archive(freeze, MANY)
    with connection.cursor() as cursor:
        # A table that was written in this transaction has no map of what is visible, without which the
        # database does not trust an index alone. A real one has, after its first vacuum.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")

    read = {path: read_for(client, path) for path in BOUNDS}

    assert {path: rows for path, rows in read.items() if rows > BOUNDS[path]} == {}


def test_page_has_its_part_of_the_list_from_whichever_end(archive):
    keys = list(archive.newest_first().values_list("pk", flat=True))
    pages = {number: page_of(archive, NOON, SOME + 1, str(number)) for number in (1, 2, 25, 26, 27, 50, 51)}

    for number, page in pages.items():
        assert [edition.pk for edition in page] == keys[(number - 1) * PER_PAGE : number * PER_PAGE], number
    with CaptureQueriesContext(connection) as queries:
        page_of(archive, NOON, SOME + 1, "26")
    # Its keys are chosen without reading a text.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert len(queries) == 1
    assert "Index Only Scan Backward using edition_newest" in plan


def test_page_far_from_both_ends_is_found_by_milestones_once_it_is_asked_for_often(archive, monkeypatch):
    monkeypatch.setattr(paging, "FAR", 100)
    monkeypatch.setattr(reading, "STRIDE", 50)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    some = within(date(2026, 4, 3), date(2026, 5, 7))
    for kind, dates in [(None, {}), (Kind.PRESS_RELEASE, {}), (None, some), (Kind.PRESS_RELEASE, some)]:
        listing = reading.Listing("en", kind, dates, NOON)
        far = reading.Far(listing)
        keys = list(archive.filter(**dates).newest_first().values_list("pk", flat=True))
        numbers = [16, 20, 6, 7, 8, 10, 25, len(keys) // PER_PAGE - 7]

        with CaptureQueriesContext(connection) as queries:
            pages = [page_by_parts(listing.part, NOON, len(keys), str(number), far) for number in numbers]

        for number, page in zip(numbers, pages, strict=True):
            assert page.object_list.keys == keys[(number - 1) * PER_PAGE : number * PER_PAGE], (kind, dates, number)
        assert [n for n, query in enumerate(queries) if "ROW_NUMBER" in query["sql"]] == [2]
        read = [rows_read(query["sql"]) for query in queries]
        # On foot, on foot, all for the milestones, then from milestone to milestone.
        assert max(read[3:]) <= 50 + PER_PAGE < min(read[:2])
        for number in (1, 2, 5, len(keys) // PER_PAGE - 3):
            near = page_by_parts(listing.part, NOON, len(keys), str(number), lambda *_bounds: pytest.fail("not far"))
            assert near.object_list.keys == keys[(number - 1) * PER_PAGE : number * PER_PAGE]


@pytest.mark.parametrize("number", ["0", "-1", "502", "x", "", "1.5"])
def test_page_that_is_not_there_is_refused(number):
    with pytest.raises(Http404):
        page_of(Edition.objects.none(), NOON, MANY + 1, number)


def test_empty_list_has_one_empty_page():
    assert list(page_of(Edition.objects.none(), NOON, 0, "1")) == []


def test_dates_decide_which_month_a_message_is_of(client, freeze):
    """Around midnight the moment's date in UTC is another one than the reader's."""
    by = make_officer()
    for day, hour, minute in [(30, 22, 59), (30, 23, 1)]:
        freeze(datetime(2026, 6, day, hour, minute, tzinfo=UTC))
        make_live(title=f"At {hour}:{minute}", by=by)
    freeze(NOON + timedelta(days=90))

    june, july = (client.get(f"/messages/2026/{month}/").context["page"].object_list for month in ("06", "07"))

    assert [edition.title for edition in june] == ["At 22:59"]
    assert [edition.title for edition in july] == ["At 23:1"]


# What is counted once


def asked(rf, stamp=None):
    request = rf.get("/")
    if stamp:
        request.environ[STAMP] = stamp
    return request


def test_part_is_computed_once_for_a_stamp(rf):
    memo, numbers = Memo(), iter(range(9))

    def part(key, *stamp):
        return memo.once(asked(rf, *stamp), key, lambda: next(numbers))

    now, later = Stamp(7, 100), Stamp(7, 101)
    assert [part("a", now), part("a", now), part("b", now)] == [0, 0, 1]
    assert [part("a", later), part("a", later)] == [2, 2]
    # Who still renders for the last minute disturbs nobody.
    assert [part("a", now), part("a", later)] == [3, 2]
    # An officer's page, and a preview, are computed anew.
    assert [part("a"), part("a")] == [4, 5]
