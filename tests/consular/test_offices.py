from datetime import UTC, date, datetime

import pytest

from consular.models import Channel, Confirmation, ContactInfo
from consular.offices import published
from tests.consular.factory import add_exception, london, make_office, publish

pytestmark = pytest.mark.django_db

WEEK = [(0, "14:00", "17:00"), (0, "09:00", "12:30"), (1, "09:00", "12:30")]
MONDAY_TEN = london(2026, 3, 2, 10)


@pytest.fixture(autouse=True)
def monday_nine(freeze):
    """What is released is so on Monday at nine."""
    freeze(london(2026, 3, 2, 9))


def offices(at=MONDAY_TEN):
    """The offices that readers see."""
    return published(at).offices


def primary_office(at=MONDAY_TEN):
    return published(at).primary


def test_offices_come_with_everything_in_one_query(django_assert_num_queries):
    make_office("Wexcombe", primary=False)
    make_office("London", hours=WEEK, closures=[("2026-03-03", "Maslenitsa")])
    publish()

    with django_assert_num_queries(1):
        london_office, wexcombe = offices()

        assert (london_office.name, wexcombe.name) == ("London", "Wexcombe")
        assert [phone["display"] for phone in london_office.emergency_phones] == ["+44 20 7946 0911"]
        assert [phone["display"] for phone in london_office.ordinary_phones] == ["+44 20 7946 0120", "+44 20 7946 0124"]
        assert [email["address"] for email in london_office.emails] == [
            "consular@example.org",
            "appointments@example.org",
        ]
        assert [(day.date, day.spans, day.reason) for day in london_office.days] == [
            (date(2026, 3, 3), [], "Maslenitsa")
        ]
        assert london_office.status == "Open now until 12:30"


def test_offices_are_those_of_the_edition_that_is_live(freeze):
    office = make_office("Before")
    publish()
    ContactInfo.objects.filter(pk=office.pk).update(name_en="Draft")
    assert [each.name for each in offices()] == ["Before"]

    publish(at=london(2026, 3, 2, 9, 30))

    assert [each.name for each in offices(london(2026, 3, 2, 9, 29, 59))] == ["Before"]
    assert [each.name for each in offices(london(2026, 3, 2, 9, 30))] == ["Draft"]


def test_nothing_is_published_before_the_first_edition():
    make_office()

    assert published(MONDAY_TEN) is None


def test_office_lists_its_week_from_monday():
    office = make_office(hours=WEEK)
    office.hours.create(channel=Channel.TELEPHONE, weekday=1, opens="10:00", closes="11:00")
    publish()

    office = offices()[0]
    week = [(str(day), [[span.opens.hour for span in spans] for spans in weeks]) for day, weeks in office.week]

    assert office.channels == [Channel.COUNTER, Channel.TELEPHONE]
    assert week == [
        ("Monday", [[9, 14], []]),
        ("Tuesday", [[9], [10]]),
        ("Wednesday", [[], []]),
        ("Thursday", [[], []]),
        ("Friday", [[], []]),
        ("Saturday", [[], []]),
        ("Sunday", [[], []]),
    ]


def test_office_has_a_status_for_each_of_its_channels():
    office = make_office(hours=WEEK)
    office.hours.create(channel=Channel.TELEPHONE, weekday=0, opens="11:00", closes="12:00")
    office.hours.create(channel=Channel.COLLECTION, weekday=0, opens="09:30", closes="10:30")
    publish()

    office = primary_office()

    assert office.status == "Open now until 12:30"
    assert [(str(channel), words) for channel, words in office.other_statuses] == [
        ("Collection of documents", "Open now until 10:30"),
        ("Telephone", "Closed. Opens today at 11:00"),
    ]


def test_day_that_is_different_for_one_channel_goes_before_one_that_is_for_all():
    office = make_office(hours=WEEK, closures=[("2026-03-02", "Repairs")])
    office.hours.create(channel=Channel.TELEPHONE, weekday=0, opens="09:00", closes="17:00")
    add_exception(office, "2026-03-02", "Repairs", "09:30–10:15", Channel.TELEPHONE)
    publish()

    office = primary_office()

    assert office.status == "Closed. Opens Tuesday at 9:00"
    assert [words for _channel, words in office.other_statuses] == ["Open now until 10:15"]


def test_office_without_hours_says_nothing_of_being_open():
    make_office()
    publish()

    assert primary_office().opening_status is None
    assert primary_office().status == ""


def test_office_is_closed_on_its_own_closures_only():
    make_office("London", hours=WEEK)
    make_office("Wexcombe", primary=False, hours=WEEK, closures=[("2026-03-02", "Repairs")])
    publish()

    assert [office.status for office in offices()] == ["Open now until 12:30", "Closed. Opens Tuesday at 9:00"]


def test_office_lists_the_closures_of_the_coming_year_in_the_host_city():
    days = ["2026-03-01", "2026-06-08", "2026-06-09", "2027-06-10", "2027-06-11"]
    make_office(closures=[(day, "Closed") for day in days])
    edition = publish()

    # 23:30 UTC is half past midnight of the next day in London's summer.
    office = primary_office(datetime(2026, 6, 8, 23, 30, tzinfo=UTC))

    assert [day.date.isoformat() for day in office.days] == ["2026-06-09", "2027-06-10"]
    # What had passed when it was released is not even in the edition.
    assert [day["date"] for day in edition.content["offices"][0]["exceptions"]] == days[1:]


def test_primary_office_is_none_where_no_office_is_primary():
    make_office(primary=False)
    publish()

    assert primary_office() is None


def test_facts_are_checked_when_they_are_first_released():
    make_office()
    publish()

    assert published(MONDAY_TEN).checked_on == date(2026, 3, 2)
    assert not published(MONDAY_TEN).is_stale


def test_facts_grow_old_after_the_days_of_the_setting(settings):
    settings.CHECK_AFTER_DAYS = 90
    make_office()
    publish()
    last_fresh, first_old = london(2026, 5, 31, 23, 59), london(2026, 6, 1)

    assert not published(last_fresh).is_stale
    assert [phone["stale"] for phone in primary_office(last_fresh).ordinary_phones] == [None, None]
    assert published(first_old).is_stale
    office = primary_office(first_old)
    assert [phone["stale"] for phone in office.ordinary_phones] == [date(2026, 3, 2)] * 2
    assert [email["stale"] for email in office.emails] == [date(2026, 3, 2)] * 2
    assert office.stale_address == date(2026, 3, 2)


def test_fact_that_is_checked_again_is_fresh_and_another_number_is_another_fact(freeze):
    office = make_office()
    publish()
    Confirmation.objects.create(what="phone", value="+442079460120", checked_on=date(2026, 5, 20))
    later = london(2026, 6, 10)

    assert [phone["stale"] for phone in primary_office(later).ordinary_phones] == [None, date(2026, 3, 2)]
    assert published(later).checked_on == date(2026, 3, 2)

    office.phones.filter(order=2).update(number="+442079460121")
    freeze(london(2026, 6, 10))
    publish()
    assert Confirmation.objects.get(value="+442079460121").checked_on == date(2026, 6, 10)
