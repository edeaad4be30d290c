"""When an office is open: pure functions over its week, its exceptional days and the city's clocks.

The rule about clock changes: an office opens, and closes, at the first moment of the day at which
the city's clocks show the written time or a later one. So an hour that they leap over is lost, and
one that they show twice counts the first time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Further ahead nobody has entered the closures, so nothing is promised.
HORIZON = 366


@dataclass(frozen=True)
class Status:
    """Whether an office is open, until when, or else when it opens next.

    The moments are aware, in the office's zone. `until` is None while it is closed; `opens_next`
    is None while it is open, and where it does not open within the HORIZON (in days).
    """

    open: bool
    until: datetime | None = None
    opens_next: datetime | None = None


@dataclass(frozen=True)
class Span:
    """A span of a weekday (Monday is 0) in which it is open: from the local time `opens` on, no longer at `closes`."""

    weekday: int
    opens: time
    closes: time


def status(hours, exceptions, at, zone):
    """The status at the aware moment `at` of what keeps these hours in `zone`.

    `hours` have `weekday` (Monday is 0) and the local times `opens` and `closes`. `exceptions` are
    the days that are different: {local date: pairs of local times in which it is open}, no pair where
    it stays closed. Only what holds within the HORIZON is looked at.
    """
    hours = list(hours)
    today = at.astimezone(zone).date()
    for day in (today + DAY * count for count in range(HORIZON + 1)):
        for start, end in _spans(hours, exceptions, day, zone):
            if at < start:
                return Status(open=False, opens_next=start.astimezone(zone))
            if at < end:
                return Status(open=True, until=end.astimezone(zone))
    return Status(open=False)


def next_change(now, at, zone):
    """The moment (UTC) after `at` at which a Status of `at` is no longer what to say.

    That is when it opens or closes, and at the local midnight, when "today" becomes another day.
    """
    midnight = _moment(at.astimezone(zone).date() + DAY, time(), zone)
    turn = now.until or now.opens_next
    return min(midnight, turn.astimezone(UTC)) if turn else midnight


def written_spans(hours, exceptions, day):
    """The local times of the date `day`, as pairs, as they are written: the exception's, else the week's."""
    if day in exceptions:
        return sorted(exceptions[day])
    return sorted((span.opens, span.closes) for span in hours if span.weekday == day.weekday())


def _spans(hours, exceptions, day, zone):
    """The spans of `day` in their order, as pairs of moments in UTC, those that touch made one."""
    spans = []
    for opens, closes in written_spans(hours, exceptions, day):
        start, end = _moment(day, opens, zone), _moment(day, closes, zone)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        elif start < end:
            spans.append((start, end))
    return spans


def _moment(day, wanted, zone):
    """The first moment (UTC) of `day` at which the clocks of `zone` show `wanted` or a later one."""
    wall = datetime.combine(day, wanted)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    # Only where the clocks leapt over `wanted` did they show a later one a minute before.
    while _wall(moment - MINUTE, zone) >= wall:
        moment -= MINUTE
    return moment


def _wall(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)
