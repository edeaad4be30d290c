"""The exceptional days as a calendar that telephones subscribe to (RFC 5545, RFC 7986)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event

from consular.wording import spans_in_words

REFRESH = timedelta(hours=12)


def closures_calendar(published, url):
    """The calendar of all offices of `published` (None: an empty one); `url` is where readers find more. Bytes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_authority()}//consular//{get_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", gettext("Consular section: closed days"))
    # What telephones knew before RFC 7986.
    calendar.add("x-wr-calname", gettext("Consular section: closed days"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for office in published.offices if published else []:
        for day in office.days:
            for event in _events(office, day, published.edition.live_from, url):
                calendar.add_component(event)
    return calendar.to_ical()


def _events(office, day, stamp, url):
    """One event for a closed day, one for each span of a day of other hours."""
    part = "" if day.channel is None else f"-{day.channel.name.lower()}"
    uid = f"{day.date:%Y%m%d}-{office.facts['id']}{part}"
    what = office.name if day.channel is None else f"{office.name}, {day.channel.label}"
    if not day.spans:
        title = gettext("%(what)s: closed (%(reason)s)") % {"what": what, "reason": day.reason}
        yield _event(uid, day.date, day.date + timedelta(days=1), title, stamp, url)
        return
    words = {"what": what, "hours": spans_in_words(day.spans), "reason": day.reason}
    title = gettext("%(what)s: other hours, %(hours)s (%(reason)s)") % words
    for number, span in enumerate(day.spans):
        yield _event(f"{uid}-{number}", *(_moment(day.date, time) for time in span), title, stamp, url)


def _event(uid, begins, ends, title, stamp, url):
    event = Event()
    event.add("uid", f"{uid}@{_authority()}")
    event.add("dtstamp", stamp.replace(microsecond=0))
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", title)
    event.add("url", url)
    # Nobody is busy because an office is closed.
    event.add("transp", "TRANSPARENT")
    return event


def _moment(day, time):
    """A written time of the host city as a moment in UTC, so that no calendar needs a table of zones."""
    local = datetime.combine(day, time, tzinfo=timezone.get_default_timezone())
    return local.astimezone(UTC)


def _authority():
    """The name under which events keep their identity when the site moves."""
    return settings.TAG_AUTHORITY.split(",")[0] or urlsplit(settings.SITE_URL).hostname
