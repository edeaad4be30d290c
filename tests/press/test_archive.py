from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from press.acts import Seen
from press.models import Kind
from press.withdraw import withdraw
from tests.press.factory import make_copies, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def officer(freeze):
    """One officer for many messages; it is noon in London."""
    freeze(NOON)
    return make_officer()


def read(client, path="/messages/archive/"):
    """{year: ([(month, its address, count)], [(kind, its address, count)])}, in the page's order."""
    answer = client.get(path)
    assert answer.status_code == 200
    sections = html.fromstring(answer.text).xpath("//main//section")
    return {
        " ".join(section.find("h2").text_content().split()): tuple(
            [(item.find("a").text, item.find("a").get("href"), item.find("span").text) for item in part.iterfind("li")]
            for part in section.iterfind("ul")
        )
        for section in sections
    }


def test_years_months_and_kinds_are_counted_newest_year_first(client, freeze, officer):
    for moment, kind in [
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), Kind.STATEMENT),
        (datetime(2026, 1, 2, 9, tzinfo=UTC), Kind.PRESS_RELEASE),
        (datetime(2026, 1, 3, 9, tzinfo=UTC), Kind.STATEMENT),
        (datetime(2026, 4, 30, 23, 30, tzinfo=UTC), Kind.PRESS_RELEASE),
    ]:
        freeze(moment)
        make_live(kind=kind, by=officer)
    freeze(NOON)

    assert read(client) == {
        "2026 3": (
            # Half past eleven in the evening of 30 April is London's 1 May.
            [("January", "/messages/2026/01/", "2"), ("May", "/messages/2026/05/", "1")],
            [
                ("Press releases", "/messages/press-releases/2026/", "2"),
                ("Statements", "/messages/statements/2026/", "1"),
            ],
        ),
        "2025 1": (
            [("December", "/messages/2025/12/", "1")],
            [("Statements", "/messages/statements/2025/", "1")],
        ),
    }
    for months, kinds in read(client).values():
        for _label, address, _count in months + kinds:
            assert client.get(address).status_code == 200


def test_only_what_is_live_in_the_language_is_counted(client, freeze, officer):
    make_message(by=officer)
    make_live(at=NOON + 2 * MINUTE, by=officer)
    ended = make_live(by=officer)
    make_live(by=officer)
    make_live(language="ru", by=officer)
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "The reason")

    assert list(read(client)) == ["2026 1"]
    assert list(read(client, "/ru/messages/archive/")) == ["2026 1"]
    freeze(NOON + 2 * MINUTE)
    assert list(read(client)) == ["2026 2"]


def test_empty_archive_looks_intended(client):
    assert "No messages here yet." in client.get("/messages/archive/").text


def test_archive_takes_the_same_few_queries_however_many_messages(client, officer, django_assert_num_queries):
    message = make_live(by=officer)
    client.get("/messages/archive/")
    # The counts, and the consular section's facts for the header's box.
    with django_assert_num_queries(QUERIES):
        client.get("/messages/archive/")
    make_copies(message, 1000)
    with django_assert_num_queries(QUERIES):
        assert list(read(client)) == ["2026 1,001"]


QUERIES = 2


def test_lists_lead_to_the_archive(client, officer):
    make_live(by=officer)

    for path in ("/messages/", "/messages/2026/", "/messages/press-releases/"):
        assert "/messages/archive/" in html.fromstring(client.get(path).text).xpath("//main//a/@href")
