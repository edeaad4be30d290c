"""When an office is open: pure functions over its hours, its closures and the city's clocks.

The rule about clock changes: an office opens, and closes, at the first moment of the day at which
the city's clocks show the written time or a later one. So an hour that they leap over is lost, and
one that they show twice counts the first time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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


def status(hours, closures, at, zone):
    """The status at the aware moment `at` of an office in `zone`.

    `hours` have `weekday` (Monday is 0) and the local times `opens` and `closes`; `closures` are
    the local dates on which the office stays closed.
    """
    hours, closures = list(hours), frozenset(closures)
    today = at.astimezone(zone).date()
    for day in (today + DAY * count for count in range(HORIZON + 1)):
        for start, end in _spans(hours, closures, day, zone):
            if at < start:
                return Status(open=False, opens_next=start.astimezone(zone))
            if at < end:
                return Status(open=True, until=end.astimezone(zone))
    return Status(open=False)


def _spans(hours, closures, day, zone):
    """The spans of `day` in their order, as pairs of moments in UTC, those that touch made one."""
    if day in closures:
        return []
    spans = []
    for opens, closes in sorted((span.opens, span.closes) for span in hours if span.weekday == day.weekday()):
        start, end = _moment(day, opens, zone), _moment(day, closes, zone)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        elif start < end:
            spans.append((start, end))
    return spans


def _moment(day, time, zone):
    """The first moment (UTC) of `day` at which the clocks of `zone` show `time` or a later one."""
    wall = datetime.combine(day, time)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    # Only where the clocks leapt over `time` did they show a later one a minute before.
    while _wall(moment - MINUTE, zone) >= wall:
        moment -= MINUTE
    return moment


def _wall(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)
