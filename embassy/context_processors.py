"""What the frame of every page shows: the mission, the date and the clocks, where else to go."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from embassy import clock

# Where the other language has no such page, or not surely: a message is written in one language (its view tells
# of a translation), a year may be without messages in the other.
COUNTERPARTS = {
    "press:message": "press:list",
    "press:year": "press:list",
    "press:month": "press:list",
    "press:kind_year": "press:kind",
    "press:kind_month": "press:kind",
}


# Of pages that are there in both languages.
MOST_ADDRESSES = 1024


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
        "other_language": _other_language(request, language),
    }


def _other_language(request, language):
    """The site's other language and the same page in it, or the nearest that is there."""
    codes = [code for code, _name in settings.LANGUAGES]
    other = codes[(codes.index(language) + 1) % len(codes)]
    name = translation.get_language_info(other)["name_local"].capitalize()
    # A page that has a counterpart of its own has said so.
    url = getattr(request, "counterparts", {}).get(other) or _url(other, *_counterpart(request.resolver_match))
    return {"code": other, "name": name, "url": url}


def _counterpart(match):
    """The name of the page to which a match leads in the other language, and the pairs of its arguments."""
    if not match or not match.namespaces or match.namespaces == ["admin"]:
        return "press:home", ()
    if match.view_name in COUNTERPARTS:
        kind = match.kwargs.get("kind")
        return COUNTERPARTS[match.view_name], (("kind", kind),) if kind else ()
    return match.view_name, tuple(match.kwargs.items())


@lru_cache(maxsize=MOST_ADDRESSES)
def _url(language, name, arguments):
    with translation.override(language):
        return reverse(name, kwargs=dict(arguments))
