import zoneinfo
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytz
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import translation
from lxml import html

from embassy import clock

LONDON = zoneinfo.ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def read_anew():
    """Read the setting CLOCKS in this test, and again after it."""
    clock.cities.cache_clear()
    yield
    clock.cities.cache_clear()


def header(client, path="/"):
    """The header of a page: its shown date, and for each clock its city, time, and shown date."""
    page = html.fromstring(client.get(path).content)
    (clocks,) = page.find_class("clocks")
    (today,) = clocks.xpath(".//time[@data-today]")
    rows = [
        (
            row.find("dt").text_content(),
            row.findtext("dd/time"),
            None if row.find("dd/span").get("hidden") is not None else row.findtext("dd/span"),
        )
        for row in clocks.iterfind("dl/div")
    ]
    return None if today.get("hidden") is not None else today.text, rows


@pytest.mark.parametrize(
    ("at", "today", "moscow", "london"),
    [
        # Moscow was four hours before UTC until 26 October 2014, three from then on.
        (datetime(2014, 10, 25, 11, 44, tzinfo=UTC), "25 October 2014", "15:44", "12:44"),
        (datetime(2014, 10, 27, 11, 44, tzinfo=UTC), "27 October 2014", "14:44", "11:44"),
        # London's clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026", "03:59", "00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026", "04:00", "02:00"),
        (datetime(2026, 3, 29, 1, 1, tzinfo=UTC), "29 March 2026", "04:01", "02:01"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25 October 2026", "03:59", "01:59"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 October 2026", "04:00", "01:00"),
        (datetime(2026, 10, 25, 1, 1, tzinfo=UTC), "25 October 2026", "04:01", "01:01"),
    ],
)
def test_header_shows_both_cities_time(client, freeze, at, today, moscow, london):
    freeze(at)

    assert header(client) == (today, [("Moscow:", moscow, None), ("London:", london, None)])


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/", [("Moscow:", "00:13", "2 January 2026"), ("London:", "21:13", "1 January 2026")]),
        ("/ru/", [("Москва:", "00:13", "2 января 2026"), ("Лондон:", "21:13", "1 января 2026")]),
    ],
)
def test_each_clock_says_its_date_while_the_cities_days_differ(client, freeze, path, rows):
    freeze(datetime(2026, 1, 1, 21, 13, tzinfo=UTC))

    assert header(client, path) == (None, rows)


@pytest.mark.parametrize(
    ("at", "today"),
    [
        (datetime(2026, 1, 1, 20, 59, tzinfo=UTC), "1 января 2026"),
        (datetime(2026, 1, 1, 21, 0, tzinfo=UTC), None),
        (datetime(2026, 1, 1, 23, 59, tzinfo=UTC), None),
        (datetime(2026, 1, 2, 0, 0, tzinfo=UTC), "2 января 2026"),
        # In summer London's day is behind for two hours only.
        (datetime(2026, 7, 1, 20, 59, tzinfo=UTC), "1 июля 2026"),
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), None),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "2 июля 2026"),
    ],
)
def test_header_says_the_date_once_while_it_is_the_same(client, freeze, at, today):
    freeze(at)

    shown, rows = header(client, "/ru/")

    assert shown == today
    assert all((day is None) == (today is not None) for _city, _time, day in rows)


def test_clocks_carry_moment_and_zone_for_the_script(client, freeze):
    freeze(datetime(2014, 10, 25, 11, 44, 31, tzinfo=UTC))

    page = html.fromstring(client.get("/").content)

    assert [(time.get("datetime"), time.get("data-tz")) for time in page.xpath("//dd/time[@data-tz]")] == [
        ("2014-10-25T15:44+0400", "Europe/Moscow"),
        ("2014-10-25T12:44+0100", "Europe/London"),
    ]


def test_zones_are_read_from_the_data_that_the_lock_file_pins():
    data = Path(pytz.__file__).parent / "zoneinfo"

    assert list(zoneinfo.TZPATH) == [str(data)]
    for key in ("Europe/Moscow", "Europe/London", "Africa/Casablanca", "America/Vancouver"):
        with (data / key).open("rb") as file:
            pinned = zoneinfo.ZoneInfo.from_file(file)
        moments = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=day % 24) for day in range(0, 11000, 3)]
        zone = zoneinfo.ZoneInfo(key)
        assert [at.astimezone(zone).replace(tzinfo=None) for at in moments] == [
            at.astimezone(pinned).replace(tzinfo=None) for at in moments
        ]


def test_zones_know_what_older_data_did_not():
    # Since 20 September 2026 Casablanca keeps UTC (IANA 2026f); older data say an hour ahead.
    assert pytz.OLSON_VERSION >= "2026f"
    casablanca = zoneinfo.ZoneInfo("Africa/Casablanca")

    assert datetime(2026, 9, 1, 12, 0, tzinfo=casablanca).utcoffset() == timedelta(hours=1)
    assert datetime(2026, 10, 1, 12, 0, tzinfo=casablanca).utcoffset() == timedelta(0)


def test_cities_have_a_name_in_each_language(settings):
    settings.CLOCKS = "Europe/Moscow = Moscow | Москва , America/New_York=New York"

    moscow, new_york = clock.cities()

    assert moscow.zone.key == "Europe/Moscow"
    assert (moscow.name, new_york.name) == ("Moscow", "New York")
    with translation.override("ru"):
        assert (moscow.name, new_york.name) == ("Москва", "New York")


@pytest.mark.parametrize(
    ("clocks", "named"),
    [
        ("", "CLOCKS has ''"),
        ("Europe/London", "CLOCKS has 'Europe/London'"),
        ("Europe/London=", "CLOCKS has 'Europe/London='"),
        ("=London", "CLOCKS has '=London'"),
        ("Europe/London=London|", "CLOCKS has 'Europe/London=London|'"),
        ("Europe/London=a|b|c", "CLOCKS has 'Europe/London=a|b|c'"),
        ("Europe/Moscow=Moscow,", "CLOCKS has ''"),
        ("Europe/Londres=London", "CLOCKS names 'Europe/Londres', which is no time zone"),
        ("Europe=London", "CLOCKS names 'Europe', which is no time zone"),
        ("../zoneinfo/UTC=London", "CLOCKS names '../zoneinfo/UTC', which is no time zone"),
        ("zone.tab=London", "CLOCKS names 'zone.tab', which is no time zone"),
    ],
)
def test_clocks_that_cannot_be_read_are_named(settings, clocks, named):
    settings.CLOCKS = clocks

    with pytest.raises(ImproperlyConfigured) as refusal:
        clock.cities()

    assert str(refusal.value).startswith(named)


def test_site_refuses_to_start_with_clocks_that_cannot_be_read(settings):
    settings.CLOCKS = "Europe/Londres=London"

    with pytest.raises(ImproperlyConfigured, match="Europe/Londres"):
        apps.get_app_config("embassy").ready()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 1, 23, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 2, 0, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Moscow")), date(2026, 7, 1)),
    ],
)
def test_host_date_is_the_host_citys_whatever_zone_is_active(moment, day):
    from_elsewhere = zoneinfo.ZoneInfo("Asia/Vladivostok")

    with clock.timezone.override(from_elsewhere):
        assert clock.host_date(moment) == day


@pytest.mark.parametrize(
    ("moment", "whole"),
    [
        (datetime(2026, 1, 1, 12, 5, tzinfo=UTC), True),
        (datetime(2026, 1, 1, 12, 5, 1, tzinfo=UTC), False),
        (datetime(2026, 1, 1, 12, 5, 0, 1, tzinfo=UTC), False),
    ],
)
def test_whole_minutes_have_no_seconds(moment, whole):
    assert clock.is_whole_minute(moment) is whole


def test_now_is_this_moment_in_utc():
    before = datetime.now(UTC)
    now = clock.now()

    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_database_now_moves_on_within_a_transaction():
    with transaction.atomic():
        first, second = clock.database_now(), clock.database_now()

    assert first < second
    assert first.tzinfo is UTC


@pytest.mark.django_db
def test_database_now_is_the_databases_moment():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]

    assert timedelta(0) <= clock.database_now() - moment < timedelta(minutes=1)


def test_freeze_stops_both_clocks(freeze):
    at = freeze(datetime(2026, 5, 12, 11, 0, tzinfo=LONDON))

    assert clock.now() == clock.database_now() == at
