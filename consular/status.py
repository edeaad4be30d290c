"""The status for machines: whether the offices are open, and for how long that is true."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from consular.wording import status_line

# A release may change everything at any moment, scheduled ones at whole minutes: longer than this
# nothing is promised, and never past the minute.
LONGEST = timedelta(minutes=1)


def status_of(published, at):
    """What `/consular/status.json` says of the Published facts (None: none are) at the aware moment `at`."""
    office = published and published.primary
    emergency = next(iter(published.emergency_phones), None) if published else None
    checked = published and published.checked_on
    return {
        "office": office.name if office else None,
        "at": _iso(at),
        **_opening(office, at),
        "services": {channel.name.lower(): _channel(office.status_of(channel)) for channel in office.channels}
        if office
        else {},
        "emergency": emergency["number"] if emergency else None,
        "checked_on": checked.isoformat() if checked else None,
        "is_stale": bool(published) and published.is_stale,
        "next_change": _iso(office.next_change) if office else None,
        "page": urljoin(settings.SITE_URL, reverse("consular:contact")),
    }


def lifetime(published, at):
    """For how many whole seconds the answer holds: until the next change, and never past this minute."""
    end = at.replace(second=0, microsecond=0) + LONGEST
    if published and published.primary:
        end = min(end, published.primary.next_change)
    return max(0, int((end - at).total_seconds()))


def _opening(office, at):
    status = office.opening_status if office else None
    if status is None:
        return {"open": None, "until": None, "opens_next": None, "words": ""}
    return {**_channel(status), "words": status_line(status, at)}


def _channel(status):
    return {"open": status.open, "until": _iso(status.until), "opens_next": _iso(status.opens_next)}


def _iso(moment):
    return moment.isoformat(timespec="seconds") if moment else None
