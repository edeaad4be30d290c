from datetime import UTC, datetime

import pytest
from django.utils import translation

from embassy.moments import host_city, in_both_cities, in_host_city


@pytest.mark.parametrize(
    ("moment", "host", "both"),
    [
        (
            datetime(2026, 5, 12, 13, 0, tzinfo=UTC),
            "12 May 2026, 14:00",
            "12 May 2026 at 14:00 London, 16:00 Moscow",
        ),
        (
            datetime(2026, 12, 1, 13, 0, tzinfo=UTC),
            "1 December 2026, 13:00",
            "1 December 2026 at 13:00 London, 16:00 Moscow",
        ),
        (
            datetime(2026, 12, 31, 21, 0, tzinfo=UTC),
            "31 December 2026, 21:00",
            "31 December 2026 at 21:00 London, 1 January 2027 at 00:00 Moscow",
        ),
    ],
)
def test_moment_in_words(moment, host, both):
    assert in_host_city(moment) == host
    assert in_both_cities(moment) == both


def test_host_city_stands_first_and_gives_its_name(settings):
    assert host_city() == "London"
    settings.TIME_ZONE = "Europe/Moscow"

    assert host_city() == "Moscow"
    with translation.override("ru"):
        assert host_city() == "Москва"
    assert in_both_cities(datetime(2026, 5, 12, 13, 0, tzinfo=UTC)) == "12 May 2026 at 16:00 Moscow, 14:00 London"


def test_host_city_without_a_clock_is_named_by_its_zone(settings):
    settings.TIME_ZONE = "America/New_York"

    assert host_city() == "New York"
