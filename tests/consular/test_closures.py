"""The calendar of closed days, read as a telephone's calendar reads it."""

from datetime import UTC, date, datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from consular.models import Channel
from tests.consular.factory import add_exception, london, make_office, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(client, freeze):
    """Releases the facts on 2 March 2026 and reads the calendar at ten."""

    def get(path="/consular/closures.ics"):
        freeze(london(2026, 3, 2, 9))
        publish()
        freeze(london(2026, 3, 2, 10))
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return Calendar.from_ical(response.content)

    return get


def events(calendar, first, last):
    """What a calendar client shows between two dates: title, begin, end."""
    found = recurring_ical_events.of(calendar).between(first, last)
    return sorted((str(event["SUMMARY"]), event["DTSTART"].dt, event["DTEND"].dt) for event in found)


def test_calendar_client_reads_closed_days_as_whole_days(calendar):
    make_office(closures=[("2026-03-09", "Women’s Day"), ("2026-12-25", "Christmas, and more; \\ “all”")])

    read = calendar()

    assert events(read, date(2026, 3, 1), date(2026, 3, 31)) == [
        ("Consular Section: closed (Women’s Day)", date(2026, 3, 9), date(2026, 3, 10))
    ]
    assert events(read, date(2026, 3, 10), date(2026, 3, 31)) == []
    assert events(read, date(2026, 12, 25), date(2026, 12, 26)) == [
        ("Consular Section: closed (Christmas, and more; \\ “all”)", date(2026, 12, 25), date(2026, 12, 26))
    ]


def test_calendar_client_reads_other_hours_at_their_moments_in_summer_and_winter(calendar):
    make_office(
        others=[("2026-07-01", "10:00–11:00, 12:00–13:30", "Training"), ("2026-12-24", "09:00–11:30", "Christmas Eve")]
    )

    read = calendar()

    summer = "Consular Section: other hours, 10:00–11:00, 12:00–13:30 (Training)"
    assert events(read, date(2026, 7, 1), date(2026, 7, 2)) == [
        (summer, datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 10, tzinfo=UTC)),
        (summer, datetime(2026, 7, 1, 11, tzinfo=UTC), datetime(2026, 7, 1, 12, 30, tzinfo=UTC)),
    ]
    assert [event[1:] for event in events(read, date(2026, 12, 24), date(2026, 12, 25))] == [
        (datetime(2026, 12, 24, 9, tzinfo=UTC), datetime(2026, 12, 24, 11, 30, tzinfo=UTC))
    ]


def test_calendar_names_what_is_closed_where_it_is_not_everything(calendar):
    office = make_office()
    add_exception(office, "2026-03-09", "Repairs", channel=Channel.TELEPHONE)

    assert [event[0] for event in events(calendar(), date(2026, 3, 9), date(2026, 3, 10))] == [
        "Consular Section, Telephone: closed (Repairs)"
    ]


def test_events_keep_their_identity_through_editions_and_languages(calendar, client, freeze):
    office = make_office(closures=[("2026-03-09", "Women’s Day")])
    add_exception(office, "2026-03-09", "Repairs", "10:00–11:00, 12:00–13:00", Channel.TELEPHONE)

    def identities(read):
        return [str(event["UID"]) for event in read.walk("VEVENT")]

    first = identities(calendar())
    office.exceptions.update(reason_en="Another")
    freeze(london(2026, 3, 2, 11))
    publish()
    russian = Calendar.from_ical(client.get("/ru/consular/closures.ics").content)

    assert len(set(first)) == 3
    assert sorted(identities(russian)) == sorted(first)
    assert str(russian["X-WR-CALNAME"]).startswith("Консульский отдел")


def test_calendar_says_how_often_to_look_again_and_that_nobody_is_busy(calendar):
    make_office(closures=[("2026-03-09", "Women’s Day")])

    read = calendar()

    assert (read["VERSION"], str(read["METHOD"])) == ("2.0", "PUBLISH")
    assert read["REFRESH-INTERVAL"].dt.total_seconds() == 12 * 3600
    event = read.walk("VEVENT")[0]
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert event["DTSTAMP"].dt == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert str(event["URL"]) == "https://press.example.org/consular/"


def test_calendar_of_an_empty_site_is_a_calendar(client):
    read = Calendar.from_ical(client.get("/consular/closures.ics").content)

    assert read.walk("VEVENT") == []


def test_every_line_of_the_calendar_ends_and_folds_as_the_standard_says(client, freeze):
    make_office(closures=[("2026-12-25", "Очень длинное название праздника, " * 2)])
    freeze(london(2026, 3, 2, 9))
    publish()

    lines = client.get("/ru/consular/closures.ics").content.split(b"\r\n")

    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not [line for line in lines if b"\n" in line]
