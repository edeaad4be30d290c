"""What the frame of every page shows: the mission, the date and the clocks, where else to go."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language

from embassy import clock


@dataclass(frozen=True)
class CityTime:
    """A city's name, its local time (aware, in its zone) and its zone's IANA name."""

    city: str
    time: datetime
    zone: str


def frame(request):
    """The mission's names and contacts, the header's clocks at the request's moment, and SITE_URL."""
    language = get_language()
    times = [CityTime(city.name, request.at.astimezone(city.zone), city.zone.key) for city in clock.cities()]
    return {
        "mission_name": settings.MISSION_NAME[language],
        "press_contact": {
            "name": settings.PRESS_CONTACT_NAME[language],
            "phone": settings.PRESS_CONTACT_PHONE,
            "email": settings.PRESS_CONTACT_EMAIL,
        },
        "city_times": times,
        # Moscow 00:13 is London's day before: then each clock says its own date.
        "shared_date": times[0].time.date() if len({time.time.date() for time in times}) == 1 else None,
        "site_url": settings.SITE_URL,
    }
