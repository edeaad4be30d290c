"""Prepared queries: what the queryset says, written once, planned once, and never a reason to fail."""

from datetime import timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, CharField, DateTimeField, Value
from django.test.utils import CaptureQueriesContext

from embassy import clock
from embassy.prepared import OFFSET, Given, Prepared
from press.models import Edition
from tests.press.factory import make_live, make_officer

pytestmark = pytest.mark.django_db

AT = Given("at", DateTimeField())


@pytest.fixture
def editions():
    """Three live editions, the newest first."""
    by = make_officer()
    for title in ("First", "100 % wool", "Third"):
        make_live(title=title, by=by)
    return list(Edition.objects.newest_first())


@pytest.fixture
def at():
    """A moment after them."""
    return clock.now() + timedelta(minutes=1)


def plans(query):
    """How often PostgreSQL planned without values, and with them, on this connection; None where it knows none such."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = %s", [query._name])
        return cursor.fetchone()


def forget(query):
    """Let PostgreSQL forget the statement, as a pooler in between would. Other tests go on with theirs."""
    with connection.cursor() as cursor:
        cursor.execute(f"DEALLOCATE {query._name}")


def test_finds_what_the_queryset_finds(editions, at):
    query = Prepared(lambda: Edition.objects.live(AT).annotate(said=Value("Yes")).for_list())

    found = query(at=at)

    assert found == editions
    with CaptureQueriesContext(connection) as queries:
        assert [(each.title, each.address.slug, each.said) for each in found] == [
            (each.title, each.address.slug, "Yes") for each in editions
        ]
        # What is deferred there is deferred here.
        assert len(queries) == 3
        assert found[0].details == editions[0].details
        assert len(queries) == 4
    assert query(at=editions[-1].live_from - timedelta(minutes=1)) == []


def test_finds_values_too(editions, at):
    titles = Prepared(lambda: Edition.objects.live(AT).newest_first().values_list("title", flat=True))
    pairs = Prepared(lambda: Edition.objects.live(AT).newest_first().values_list("title", "number"))

    assert titles(at=at) == ["Third", "100 % wool", "First"]
    assert pairs(at=at) == [("Third", 1), ("100 % wool", 1), ("First", 1)]


def test_takes_a_list_of_values_and_the_beginning_of_a_slice(editions, at):
    keys = Given("keys", ArrayField(BigIntegerField()))
    some = Prepared(lambda: Edition.objects.filter(id__is_one_of=keys).newest_first())
    part = Prepared(lambda: Edition.objects.live(AT).newest_first()[OFFSET : OFFSET + 2])

    assert some(keys=[editions[2].pk, editions[0].pk]) == [editions[0], editions[2]]
    assert some(keys=[]) == []
    assert part(at=at, offset=1) == editions[1:]
    assert part(at=at, offset=0) == editions[:2]


def test_leaves_signs_of_percent_and_of_places_alone(editions):
    words = Given("words", CharField())
    query = Prepared(lambda: Edition.objects.filter(title__contains="0 % w").exclude(title=words))

    assert query(words="$1 %s") == [editions[1]]
    assert query(words="100 % wool") == []


def test_is_written_and_planned_once(editions, at):
    made = []
    query = Prepared(lambda: made.append(1) or Edition.objects.live(AT))

    assert len(query(at=at)) == len(query(at=at)) == 3

    assert made == [1]
    assert sum(plans(query)) == 2


def test_whoever_looks_at_the_queries_sees_them_whole(editions, at):
    query = Prepared(lambda: Edition.objects.live(AT))
    query(at=at)

    with CaptureQueriesContext(connection) as queries:
        assert len(query(at=at)) == 3

    assert len(queries) == 1
    assert 'FROM "press_edition"' in queries[0]["sql"]


def test_statement_that_is_gone_within_a_transaction_is_an_error(editions, at):
    query = Prepared(lambda: Edition.objects.live(AT))
    query(at=at)
    forget(query)

    with pytest.raises(DatabaseError, match="does not exist"):
        query(at=at)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_planned_without_values_and_done_without_where_it_is_gone(editions, at):
    query = Prepared(lambda: Edition.objects.live(AT).newest_first())
    assert query(at=at) == query(at=at) == editions
    assert plans(query) == (2, 0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)

    forget(query)

    assert [query(at=at), plans(query)] == [editions, None]
    assert [query(at=at), plans(query)] == [editions, (1, 0)]


def test_whoever_wraps_queries_meets_it_like_any_other(editions, at):
    query, seen = Prepared(lambda: Edition.objects.live(AT).newest_first().values_list("title", flat=True)), []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    query(at=at)
    with connection.execute_wrapper(note):
        found = query(at=at)

    assert found == [each.title for each in editions]
    assert len(seen) == 1
