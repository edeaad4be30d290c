from datetime import date, timedelta

import pytest
from django.db import connection

from press import search_counts
from press.models import SearchCount
from press.search_counts import KEPT, count_search, counted_query, most_wanted, not_found

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 12)


def counts():
    return list(SearchCount.objects.order_by("pk").values_list("day", "language", "query", "count", "found_nothing"))


def test_searches_are_counted_by_day_language_and_words():
    count_search("Winter  Garden", "en", DAY, False)
    count_search("winter garden", "en", DAY, False)
    count_search("winter garden", "ru", DAY, True)
    count_search("winter garden", "en", DAY + timedelta(days=1), True)

    assert counts() == [
        (DAY, "en", "winter garden", 2, False),
        (DAY, "ru", "winter garden", 1, True),
        (DAY + timedelta(days=1), "en", "winter garden", 1, True),
    ]


@pytest.mark.parametrize("text", ["anna@example.org", "+44 20 7946 0111", "passport 123456", "AB 12 34 5", "  "])
def test_what_may_be_somebodys_is_not_counted(text):
    count_search(text, "en", DAY, True)

    assert counts() == []


def test_years_are_counted():
    assert counted_query("Holidays 2026") == "holidays 2026"


def test_nobody_fills_the_table(monkeypatch):
    monkeypatch.setattr(search_counts, "MOST_A_DAY", 2)
    for text in ("one", "two", "three", "one"):
        count_search(text, "en", DAY, False)
    count_search("three", "en", DAY + timedelta(days=1), False)

    assert [(query, count) for _day, _language, query, count, _nothing in counts()] == [
        ("one", 2), ("two", 1), ("three", 1),
    ]  # fmt: skip


def test_counts_go_after_a_year():
    count_search("old", "en", DAY, False)
    count_search("younger", "en", DAY + timedelta(days=1), False)
    count_search("new", "en", DAY + KEPT + timedelta(days=1), False)

    assert [query for _day, _language, query, *_ in counts()] == ["younger", "new"]


def test_database_that_cannot_count_is_no_error(caplog, monkeypatch):
    monkeypatch.setattr(search_counts, "UPSERT", "SELECT 1 / 0")

    count_search("word", "en", DAY, False)

    assert "not counted" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_most_wanted_and_what_nobody_found():
    for text, day, nothing in [
        ("visa", DAY, True), ("visa", DAY, True), ("opera", DAY, True), ("chess", DAY, False),
        ("opera", DAY + timedelta(days=1), False), ("old", DAY - timedelta(days=1), True),
    ]:  # fmt: skip
        count_search(text, "en", day, nothing)

    assert [(each["query"], each["times"]) for each in most_wanted(DAY)] == [("opera", 2), ("visa", 2), ("chess", 1)]
    assert not_found(DAY) == [{"language": "en", "query": "visa", "times": 2, "last": DAY}]
