from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from consular.opening import Span, Status, next_change, status
from tests.consular.factory import LONDON, london, span

MINUTE = timedelta(minutes=1)

# Monday twice a day, Tuesday in two spans that touch, Wednesday once; Thursday to Sunday never.
WEEK = [
    span(0, "14:00", "17:00"),
    span(0, "09:00", "12:30"),
    span(1, "09:00", "12:00"),
    span(1, "12:00", "15:00"),
    span(2, "00:00", "23:59"),
]
# Around the hours that London's clocks leap over in March and show twice in October.
NIGHTS = [
    span(6, "00:15", "00:45"),
    span(6, "00:50", "01:10"),
    span(6, "01:20", "01:40"),
    span(6, "01:50", "02:20"),
    span(6, "02:30", "03:00"),
]


def closed(*days):
    """Exceptions: days on which it stays closed."""
    return dict.fromkeys(days, ())


def spans(*texts):
    """Spans of a day, written 11:00-12:00."""
    return [tuple(time.fromisoformat(part) for part in text.split("-")) for text in texts]


def opens(*at):
    return Status(open=False, opens_next=london(*at))


def until(*at):
    return Status(open=True, until=london(*at))


def in_utc(status):
    """The status with its moments in UTC: an hour that comes twice equals none of another zone (PEP 495)."""
    moments = {name: getattr(status, name) for name in ("until", "opens_next")}
    return replace(status, **{name: moment and moment.astimezone(UTC) for name, moment in moments.items()})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Monday 2 March 2026
        ((2026, 3, 2, 8, 59, 59), opens(2026, 3, 2, 9)),
        ((2026, 3, 2, 9), until(2026, 3, 2, 12, 30)),
        ((2026, 3, 2, 12, 29, 59), until(2026, 3, 2, 12, 30)),
        ((2026, 3, 2, 12, 30), opens(2026, 3, 2, 14)),
        ((2026, 3, 2, 13, 59, 59), opens(2026, 3, 2, 14)),
        ((2026, 3, 2, 14), until(2026, 3, 2, 17)),
        ((2026, 3, 2, 16, 59, 59), until(2026, 3, 2, 17)),
        ((2026, 3, 2, 17), opens(2026, 3, 3, 9)),
        # Tuesday: spans that touch are one
        ((2026, 3, 3, 9), until(2026, 3, 3, 15)),
        ((2026, 3, 3, 12), until(2026, 3, 3, 15)),
        ((2026, 3, 3, 15), opens(2026, 3, 4, 0)),
        # Wednesday from midnight
        ((2026, 3, 4, 0), until(2026, 3, 4, 23, 59)),
        # the last minute of Wednesday, and over the weekend
        ((2026, 3, 4, 23, 59), opens(2026, 3, 9, 9)),
        ((2026, 3, 7, 12), opens(2026, 3, 9, 9)),
        ((2026, 3, 8, 23, 59, 59), opens(2026, 3, 9, 9)),
    ],
)
def test_status_changes_on_the_minute(at, expected):
    assert status(WEEK, {}, london(*at), LONDON) == expected


def test_status_takes_a_closed_day_as_closed():
    closures = closed(date(2026, 3, 9), date(2026, 3, 10))

    assert status(WEEK, closures, london(2026, 3, 9, 10), LONDON) == opens(2026, 3, 11, 0)
    assert status(WEEK, closures, london(2026, 3, 5), LONDON) == opens(2026, 3, 11, 0)
    assert status(WEEK, closures, london(2026, 3, 11, 0), LONDON) == until(2026, 3, 11, 23, 59)


def test_status_closes_the_local_day_not_the_utc_day():
    kiritimati = ZoneInfo("Pacific/Kiritimati")
    at = datetime(2026, 3, 8, 20, tzinfo=UTC)  # Monday 9 March, 10:00 there

    assert status(WEEK, closed(date(2026, 3, 8)), at, kiritimati).open
    assert not status(WEEK, closed(date(2026, 3, 9)), at, kiritimati).open


def test_status_looks_over_the_end_of_the_year():
    closures = closed(date(2026, 12, 30), date(2027, 1, 4), date(2027, 1, 5))

    assert status(WEEK, closures, london(2026, 12, 31, 23, 59), LONDON) == opens(2027, 1, 6, 0)
    assert status(WEEK, closures, london(2027, 1, 2), LONDON) == opens(2027, 1, 6, 0)


def test_status_without_hours_never_opens():
    assert status([], {}, london(2026, 3, 2, 10), LONDON) == Status(open=False)


def test_status_promises_nothing_beyond_a_year():
    closures = closed(*(date(2026, 3, 2) + timedelta(days=count) for count in range(366)))

    assert status(WEEK, closures, london(2026, 3, 2, 10), LONDON) == opens(2027, 3, 3, 0)
    assert status(WEEK, closures | closed(date(2027, 3, 3)), london(2026, 3, 2, 10), LONDON) == Status(open=False)


def test_status_keeps_the_local_hour_over_a_clock_change():
    assert status(WEEK, {}, london(2026, 3, 28, 12), LONDON).opens_next.astimezone(UTC).hour == 8
    assert status(WEEK, {}, london(2026, 10, 24, 12), LONDON).opens_next.astimezone(UTC).hour == 9


@pytest.mark.parametrize(
    ("hours", "first", "end"),
    [
        # 29 March 2026: the clocks go from 00:59 to 02:00 at 01:00 UTC
        (("00:30", "01:00"), (0, 30), (1, 0)),
        (("00:30", "01:30"), (0, 30), (1, 0)),
        (("01:30", "02:20"), (1, 0), (1, 20)),
        (("02:00", "03:00"), (1, 0), (2, 0)),
    ],
)
def test_status_in_spring_counts_an_hour_that_is_leapt_over_as_lost(hours, first, end):
    sunday = [span(6, *hours)]
    start = datetime(2026, 3, 29, *first, tzinfo=UTC)
    last = datetime(2026, 3, 29, *end, tzinfo=UTC)

    assert in_utc(status(sunday, {}, start - MINUTE, LONDON)) == Status(open=False, opens_next=start)
    assert in_utc(status(sunday, {}, start, LONDON)) == Status(open=True, until=last)
    assert in_utc(status(sunday, {}, last - MINUTE, LONDON)) == Status(open=True, until=last)
    assert not status(sunday, {}, last, LONDON).open


def test_status_in_spring_skips_a_span_that_never_comes():
    sunday = [span(6, "01:10", "01:40")]

    assert status(sunday, {}, london(2026, 3, 28, 12), LONDON) == opens(2026, 4, 5, 1, 10)


@pytest.mark.parametrize(
    ("hours", "first", "end"),
    [
        # 25 October 2026: the clocks go from 01:59 back to 01:00 at 01:00 UTC
        (("00:30", "01:30"), (-1, 30), (0, 30)),
        (("01:10", "01:40"), (0, 10), (0, 40)),
        (("01:30", "02:30"), (0, 30), (2, 30)),
        (("02:00", "03:00"), (2, 0), (3, 0)),
    ],
)
def test_status_in_autumn_counts_an_hour_that_comes_twice_the_first_time(hours, first, end):
    sunday = [span(6, *hours)]
    midnight = datetime(2026, 10, 25, tzinfo=UTC)
    start = midnight + timedelta(hours=first[0], minutes=first[1])
    last = midnight + timedelta(hours=end[0], minutes=end[1])

    assert in_utc(status(sunday, {}, start - MINUTE, LONDON)) == Status(open=False, opens_next=start)
    assert in_utc(status(sunday, {}, start, LONDON)) == Status(open=True, until=last)
    assert in_utc(status(sunday, {}, last - MINUTE, LONDON)) == Status(open=True, until=last)
    assert not status(sunday, {}, last, LONDON).open


def test_status_takes_other_hours_for_a_day_and_only_for_it():
    exceptions = {date(2026, 3, 9): spans("11:00-12:00", "15:00-15:30"), date(2026, 3, 12): spans("10:00-11:00")}

    assert status(WEEK, exceptions, london(2026, 3, 9, 9), LONDON) == opens(2026, 3, 9, 11)
    assert status(WEEK, exceptions, london(2026, 3, 9, 11, 59), LONDON) == until(2026, 3, 9, 12)
    assert status(WEEK, exceptions, london(2026, 3, 9, 12), LONDON) == opens(2026, 3, 9, 15)
    assert status(WEEK, exceptions, london(2026, 3, 9, 15, 30), LONDON) == opens(2026, 3, 10, 9)
    # A Thursday, on which the week has nothing.
    assert status(WEEK, exceptions, london(2026, 3, 12, 9), LONDON) == opens(2026, 3, 12, 10)
    assert status(WEEK, exceptions, london(2026, 3, 16, 9), LONDON) == until(2026, 3, 16, 12, 30)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # 31 December 2026 is a Thursday with other hours, the 1st and the 4th of January are closed.
        ((2026, 12, 31, 9, 59), opens(2026, 12, 31, 10)),
        ((2026, 12, 31, 10), until(2026, 12, 31, 12)),
        ((2026, 12, 31, 12), opens(2027, 1, 5, 9)),
        ((2026, 12, 31, 23, 59, 59), opens(2027, 1, 5, 9)),
        ((2027, 1, 1, 0), opens(2027, 1, 5, 9)),
        ((2027, 1, 1, 12), opens(2027, 1, 5, 9)),
        ((2027, 1, 2, 12), opens(2027, 1, 5, 9)),
    ],
)
def test_status_is_right_around_the_new_year(at, expected):
    exceptions = {date(2026, 12, 31): spans("10:00-12:00"), **closed(date(2027, 1, 1), date(2027, 1, 4))}

    assert status(WEEK, exceptions, london(*at), LONDON) == expected


@pytest.mark.parametrize(
    ("at", "change"),
    [
        # While it is open; before it opens the same day; after the last hours, and over a weekend: midnight.
        ((2026, 3, 2, 10), (2026, 3, 2, 12, 30)),
        ((2026, 3, 2, 13), (2026, 3, 2, 14)),
        ((2026, 3, 2, 17), (2026, 3, 3)),
        ((2026, 3, 6, 12), (2026, 3, 7)),
        # The day that has 25 hours, and the one that has 23.
        ((2026, 10, 25, 12), (2026, 10, 26)),
        ((2026, 3, 29, 0, 30), (2026, 3, 30)),
    ],
)
def test_next_change_is_the_turn_or_midnight(at, change):
    at = london(*at)

    assert next_change(status(WEEK, {}, at, LONDON), at, LONDON) == london(*change).astimezone(UTC)


def test_next_change_without_hours_is_midnight():
    at = london(2026, 3, 2, 10)

    assert next_change(status([], {}, at, LONDON), at, LONDON) == london(2026, 3, 3)


# Against a slow oracle


def watch_the_clock(hours, exceptions, first, last, zone):
    """Slowly: whether it is open in each minute. Clocks that were set back show nothing new for an hour."""
    shown, states = first.astimezone(zone).replace(tzinfo=None), {}
    while first < last:
        shown = max(shown, first.astimezone(zone).replace(tzinfo=None))
        if shown.date() in exceptions:
            day = exceptions[shown.date()]
        else:
            day = [(span.opens, span.closes) for span in hours if span.weekday == shown.weekday()]
        states[first] = any(opens <= shown.time() < closes for opens, closes in day)
        first += MINUTE
    return states


def turns_of(states):
    """The moments at which it opens or closes."""
    return [at for at in states if at - MINUTE in states and states[at] != states[at - MINUTE]]


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 27)])
@pytest.mark.parametrize("zone", ["Europe/London", "America/Havana", "Australia/Lord_Howe"])
def test_status_agrees_with_watching_the_clock(change, zone):
    zone, hours = ZoneInfo(zone), WEEK + NIGHTS
    exceptions = closed(change + timedelta(days=2))
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=2)
    states = watch_the_clock(hours, exceptions, start, start + timedelta(days=11), zone)
    turns = turns_of(states)

    for at in [at for at in states if at < start + timedelta(days=7)]:
        now = in_utc(status(hours, exceptions, at, zone))
        assert now.open == states[at], at
        assert (now.until or now.opens_next) == next(turn for turn in turns if turn > at), at


def random_spans(random):
    """Up to three spans of a day, which may touch; some end or begin at its very edge."""
    edges = sorted(random.sample(range(24 * 60), 2 * random.choice([0, 1, 1, 2, 3])))
    times = [time(minute // 60, minute % 60) for minute in edges]
    if len(times) == 4 and random.random() < 0.3:
        times[2] = times[1]
    return list(zip(times[::2], times[1::2], strict=True))


def random_schedule(random, first, days):
    """A week, and exceptional days from the date `first` on: closed ones, other hours, days next to each other."""
    week = [Span(weekday, *span) for weekday in range(7) if random.random() < 0.7 for span in random_spans(random)]
    exceptions = {}
    for _ in range(days // 12):
        begin = first + timedelta(days=random.randrange(days))
        for day in range(random.choice([1, 1, 2, 9])):
            exceptions[begin + timedelta(days=day)] = random_spans(random) if random.random() < 0.4 else []
    return week, exceptions


def check_against_the_clock(seed, days):
    """Compare at every turn, a minute and a second before and after it, and at random minutes, for some `days`."""
    random = Random(seed)
    zone = ZoneInfo(random.choice(["Europe/London", "Europe/Moscow", "America/Havana", "Australia/Lord_Howe"]))
    first = date(2026, 1, 1) + timedelta(days=random.randrange(365))
    hours, exceptions = random_schedule(random, first, days)
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    states = watch_the_clock(hours, exceptions, start, start + timedelta(days=days), zone)
    turns = turns_of(states)
    watched = set(random.sample(sorted(states), min(len(states), days * 3)))
    for turn in turns:
        watched |= {turn, turn - MINUTE, turn + MINUTE} & states.keys()
    for at in sorted(watched):
        for moment in (at, at + timedelta(seconds=59, microseconds=999_999)):
            now = in_utc(status(hours, exceptions, moment, zone))
            assert now.open == states[at], (seed, moment)
            following = bisect_right(turns, at)
            if following < len(turns):
                assert (now.until or now.opens_next) == turns[following], (seed, moment)


@pytest.mark.parametrize("seed", range(6))
def test_status_of_random_schedules_agrees_with_watching_the_clock(seed):
    check_against_the_clock(seed, days=45)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(100, 140))
def test_status_of_random_schedules_agrees_over_three_years(seed):
    check_against_the_clock(seed, days=3 * 366)
