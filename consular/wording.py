"""The status of an office in words, in the active language."""

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Whole sentences, because the name of the day changes with its place in one.
OPENS_ON_WEEKDAY = [
    _("Closed. Opens Monday at %(time)s"),
    _("Closed. Opens Tuesday at %(time)s"),
    _("Closed. Opens Wednesday at %(time)s"),
    _("Closed. Opens Thursday at %(time)s"),
    _("Closed. Opens Friday at %(time)s"),
    _("Closed. Opens Saturday at %(time)s"),
    _("Closed. Opens Sunday at %(time)s"),
]


def status_line(status, at):
    """What readers are told of a consular.opening.Status as of the aware moment `at`."""
    if status.open:
        return gettext("Open now until %(time)s") % {"time": clock_time(status.until)}
    if status.opens_next is None:
        return gettext("Closed")
    return _opens(status.opens_next, at) % {
        "time": clock_time(status.opens_next),
        "date": date_format(status.opens_next, "j E"),
    }


def _opens(opens, at):
    days = (opens.date() - at.astimezone(opens.tzinfo).date()).days
    if days == 0:
        return gettext("Closed. Opens today at %(time)s")
    if days < 7:
        return str(OPENS_ON_WEEKDAY[opens.weekday()])
    return gettext("Closed. Opens on %(date)s at %(time)s")


def clock_time(time):
    """Hours and minutes as everywhere on the site: 9:00."""
    return f"{time.hour}:{time.minute:02}"


def spans_in_words(spans):
    """Pairs of times as readers see them: 10:00–13:00, 14:00–16:00."""
    return ", ".join(f"{clock_time(opens)}–{clock_time(closes)}" for opens, closes in spans)


def day_and_month(day):
    """A date within a sentence: 25 December."""
    return date_format(day, "j E")
