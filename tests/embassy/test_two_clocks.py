"""What a moment means elsewhere: the other city's time, night, holidays, clock changes."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from embassy.two_clocks import lines_about, lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("2026-05-12T14:00", [("time", "= 16:00 Moscow")]),
        ("2026-12-01T14:00", [("time", "= 17:00 Moscow")]),
        ("2026-12-01T14:00:30", [("time", "= 17:00 Moscow")]),
        (
            "2026-05-12T21:59",
            [("time", "= 23:59 Moscow"), ("caution", "It is night in Moscow then: 23:59.")],
        ),
        (
            "2026-05-12T22:00",
            [
                ("time", "= 13 May 2026 at 00:00 Moscow"),
                ("caution", "It is night in London then: 22:00."),
                ("caution", "It is night in Moscow then: 00:00."),
            ],
        ),
        (
            "2026-05-12T06:59",
            [("time", "= 08:59 Moscow"), ("caution", "It is night in London then: 06:59.")],
        ),
        ("2026-05-12T07:00", [("time", "= 09:00 Moscow")]),
        (
            "2026-12-25T12:00",
            [
                ("time", "= 15:00 Moscow"),
                ("caution", "That day is a public holiday in London: Christmas Day."),
            ],
        ),
        # The last Monday of August is one in England, not in all of the United Kingdom.
        (
            "2026-08-31T12:00",
            [
                ("time", "= 14:00 Moscow"),
                ("caution", "That day is a public holiday in London: Late Summer Bank Holiday."),
            ],
        ),
        # In London it is still the day before.
        (
            "2026-06-11T22:30",
            [
                ("time", "= 12 June 2026 at 00:30 Moscow"),
                ("caution", "It is night in London then: 22:30."),
                ("caution", "It is night in Moscow then: 00:30."),
                ("caution", "That day is a public holiday in Moscow: Russia Day."),
            ],
        ),
        (
            "2027-03-28T01:30",
            [
                (
                    "refusal",
                    "On 28 March 2027 the clocks in London go forward, and there is no 01:30. Choose another time.",
                )
            ],
        ),
        (
            "2026-10-25T01:30",
            [
                (
                    "refusal",
                    "On 25 October 2026 the clocks in London go back, and it is 01:30 twice. Choose another time.",
                )
            ],
        ),
        ("", []),
        ("2026-05", []),
        ("2026-02-31T12:00", []),
        ("2026-05-12T14:00Z", []),
        ("0001-01-01T00:00", []),
        ("9999-12-31T23:59", []),
        ("\x00", []),
    ],
)
def test_lines_about_what_was_typed(text, lines):
    assert lines_about(text) == lines


@pytest.mark.parametrize(("hour", "is_refused"), [("00:59", False), ("01:00", True), ("01:59", True), ("02:00", False)])
@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25"])
def test_exactly_the_hour_of_a_clock_change_is_no_time(day, hour, is_refused):
    kinds = {kind for kind, _sentence in lines_about(f"{day}T{hour}")}

    assert kinds == ({"refusal"} if is_refused else {"time", "caution"})


def test_lines_are_in_the_language_of_the_office():
    with translation.override("ru"):
        lines = dict(lines_of(datetime(2026, 6, 12, 9, 0, tzinfo=UTC)))

    assert "День России" in lines["caution"]
    assert lines["time"] == "= 12:00 (Москва)"


def test_host_city_may_be_the_other_one(settings):
    settings.TIME_ZONE, settings.HOST_COUNTRY, settings.MISSION_COUNTRY = "Europe/Moscow", "RU", "GB"
    settings.HOST_REGION = ""

    assert lines_about("2026-06-12T15:00") == [
        ("time", "= 13:00 London"),
        ("caution", "That day is a public holiday in Moscow: Russia Day."),
    ]


def test_script_is_told_the_same(client, db):
    client.force_login(User.objects.create_superuser("officer"))

    answer = client.get("/admin/two-clocks/", {"at": "2026-05-12T21:59"})

    assert answer.json() == {"lines": [list(line) for line in lines_about("2026-05-12T21:59")]}
    assert "no-store" in answer.headers["Cache-Control"]


def test_script_of_a_stranger_is_told_nothing(client, db):
    assert client.get("/admin/two-clocks/", {"at": "2026-05-12T21:59"}).status_code == 302
