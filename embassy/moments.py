"""Moments as the office reads them: in the host city's time, and in both cities'."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from embassy import clock


def in_host_city(moment):
    """The aware `moment` as "12 May 2026, 14:00", in the host city's time."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return f"{date_format(local, 'j E Y')}, {date_format(local, 'H:i')}"


def in_both_cities(moment):
    """The aware `moment` as "12 May 2026 at 14:00 London, 16:00 Moscow"; the date again where it differs."""
    times = [(city.name, moment.astimezone(city.zone)) for city in _cities()]
    first_city, first = times[0]
    parts = [_("%(date)s at %(time)s %(city)s") % _words(first_city, first)]
    for city, local in times[1:]:
        same_day = local.date() == first.date()
        text = _("%(time)s %(city)s") if same_day else _("%(date)s at %(time)s %(city)s")
        parts.append(text % _words(city, local))
    return ", ".join(parts)


def host_city():
    """The name of the city whose time officers type."""
    named = [city.name for city in clock.cities() if city.zone.key == settings.TIME_ZONE]
    return named[0] if named else settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")


def _cities():
    """The cities of the header, the host city first."""
    return sorted(clock.cities(), key=lambda city: city.zone.key != settings.TIME_ZONE)


def _words(city, local):
    return {"date": date_format(local, "j E Y"), "time": date_format(local, "H:i"), "city": city}
