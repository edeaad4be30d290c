from datetime import UTC, datetime

import pytest

from consular.offices import offices, primary_office
from tests.consular.factory import london, make_office

pytestmark = pytest.mark.django_db

WEEK = [(0, "14:00", "17:00"), (0, "09:00", "12:30"), (1, "09:00", "12:30")]
MONDAY_TEN = london(2026, 3, 2, 10)


def test_offices_come_with_everything_in_one_query(django_assert_num_queries):
    make_office("Wexcombe", primary=False)
    make_office("London", hours=WEEK, closures=[("2026-03-03", "Maslenitsa")])

    with django_assert_num_queries(1):
        london_office, wexcombe = offices(MONDAY_TEN)

        assert (london_office.name, wexcombe.name) == ("London", "Wexcombe")
        assert [str(phone) for phone in london_office.emergency_phones] == ["Emergency line: +44 20 7946 0911"]
        assert [str(phone) for phone in london_office.ordinary_phones] == [
            "Enquiries: +44 20 7946 0120",
            "Passports: +44 20 7946 0124",
        ]
        assert [str(email) for email in london_office.emails] == [
            "Enquiries: consular@example.org",
            "Appointments: appointments@example.org",
        ]
        assert [str(closure) for closure in london_office.closures] == ["03.03.2026 Maslenitsa"]
        assert london_office.status == "Open now until 12:30"


def test_office_lists_its_week_from_monday():
    make_office(hours=WEEK)

    week = [(str(day), [str(span) for span in spans]) for day, spans in offices(MONDAY_TEN)[0].week]

    assert week == [
        ("Monday", ["Monday 09:00–12:30", "Monday 14:00–17:00"]),
        ("Tuesday", ["Tuesday 09:00–12:30"]),
        ("Wednesday", []),
        ("Thursday", []),
        ("Friday", []),
        ("Saturday", []),
        ("Sunday", []),
    ]


def test_office_without_hours_says_nothing_of_being_open():
    make_office()

    office = primary_office(MONDAY_TEN)

    assert office.opening_status is None
    assert office.status == ""


def test_office_is_closed_on_its_own_closures_only():
    make_office("London", hours=WEEK)
    make_office("Wexcombe", primary=False, hours=WEEK, closures=[("2026-03-02", "Repairs")])

    assert [office.status for office in offices(MONDAY_TEN)] == [
        "Open now until 12:30",
        "Closed. Opens Tuesday at 9:00",
    ]


def test_office_lists_the_closures_of_the_coming_year_in_the_host_city():
    days = ["2026-06-08", "2026-06-09", "2027-06-10", "2027-06-11"]
    make_office(closures=[(day, "Closed") for day in days])

    # 23:30 UTC is half past midnight of the next day in London's summer.
    office = primary_office(datetime(2026, 6, 8, 23, 30, tzinfo=UTC))

    assert [closure.date.isoformat() for closure in office.closures] == ["2026-06-09", "2027-06-10"]


def test_primary_office_is_none_where_no_office_is_primary():
    make_office(primary=False)

    assert primary_office(MONDAY_TEN) is None
