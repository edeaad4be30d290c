"""What a moment that an officer types in the host city means: elsewhere, by night, on a holiday, or nothing at all."""

from datetime import UTC, datetime

import pytz
from django.conf import settings
from django.http import JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from embassy import clock
from embassy.moments import host_city
from embassy.public_holidays import holiday_on, region_of

# By night nobody answers the telephone: from ten in the evening until seven in the morning.
NIGHT_BEGINS, NIGHT_ENDS = 22, 7
TYPED = "%Y-%m-%dT%H:%M"


def host_zone():
    """The zone of the host city, in which officers type."""
    return timezone.get_default_timezone()


def typed(moment):
    """The aware `moment` as the browser's own field writes it, in the host city's time."""
    return moment.astimezone(host_zone()).strftime(TYPED)


def no_such_time(local):
    """Why the naive `local` time of the host city names no moment, or two; "" if it names one.

    PEP 495: the offsets of the two folds differ only in a gap or an overlap of a clock change, and
    in a gap no moment reads so.
    """
    first, second = (local.replace(tzinfo=host_zone(), fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return ""
    words = {"date": date_format(local, "j E Y"), "time": date_format(local, "H:i"), "city": host_city()}
    if first.astimezone(UTC).astimezone(host_zone()).replace(tzinfo=None) != local:
        text = _("On %(date)s the clocks in %(city)s go forward, and there is no %(time)s. Choose another time.")
    else:
        text = _("On %(date)s the clocks in %(city)s go back, and it is %(time)s twice. Choose another time.")
    return text % words


def elsewhere(moment):
    """The aware `moment` in the other cities of the header: "16:00 Moscow", with the date where it is another."""
    here = moment.astimezone(host_zone()).date()
    found = []
    for name, zone, _country in list(_places())[1:]:
        local = moment.astimezone(zone)
        text = _("%(time)s %(city)s") if local.date() == here else _("%(date)s at %(time)s %(city)s")
        words = {"date": date_format(local, "j E Y"), "time": date_format(local, "H:i"), "city": name}
        found.append(text % words)
    return ", ".join(found)


def cautions(moment):
    """Sentences about the aware `moment` that should make an officer look twice."""
    return [*_nights(moment), *_holidays(moment)]


def _nights(moment):
    for city, zone, _country in _places():
        local = moment.astimezone(zone)
        if local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS:
            yield _("It is night in %(city)s then: %(time)s.") % {"city": city, "time": date_format(local, "H:i")}


def _holidays(moment):
    for city, zone, country in _places():
        if country and (name := holiday_on(moment.astimezone(zone).date(), country, region_of(country))):
            yield _("That day is a public holiday in %(city)s: %(name)s.") % {"city": city, "name": name}


def _places():
    """The host city, then the other cities of the header: name, zone, and the country if it is one of the two."""
    yield host_city(), host_zone(), settings.HOST_COUNTRY
    own = pytz.country_timezones.get(settings.MISSION_COUNTRY, ())
    for city in clock.cities():
        if city.zone.key != settings.TIME_ZONE:
            yield city.name, city.zone, settings.MISSION_COUNTRY if city.zone.key in own else ""


def lines_about(text):
    """What to say beside a field in which `text` was typed: pairs of a kind (time, caution, refusal) and a sentence.

    Nothing where it is no date and time yet.
    """
    try:
        local = parse_datetime(text.strip())
    except ValueError:
        return []
    if local is None or local.tzinfo or not 1900 < local.year < 9000:
        return []
    if refusal := no_such_time(local):
        return [("refusal", refusal)]
    return lines_of(local.replace(tzinfo=host_zone()))


def lines_of(moment: datetime):
    """The same for an aware `moment`."""
    time = elsewhere(moment)
    return [*([("time", f"= {time}")] if time else []), *(("caution", sentence) for sentence in cautions(moment))]


@require_safe
def two_clocks(request):
    """For the script beside the fields: what `?at=2026-05-12T14:00` means, as {"lines": [[kind, sentence], …]}."""
    return JsonResponse({"lines": lines_about(request.GET.get("at", ""))})
