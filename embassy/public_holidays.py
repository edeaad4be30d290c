"""Public holidays of the host country and of the mission's own, by the package `holidays`.

They are advice: nobody's law is kept here, and an officer decides. A country that the package does
not know has none.
"""

from datetime import date
from functools import cache

import holidays
from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.utils.translation import get_language


def holiday_on(day: date, country: str, region: str = "") -> str:
    """The name of the public holiday of `country` (ISO 3166) on `day`, or "".

    `region` is the part of the country (ISO 3166-2, without the country) whose holidays count too.
    The name is in the active language where the package has it, else in English or the country's own.
    """
    return _holidays(country, region, day.year, get_language() or settings.LANGUAGE_CODE).get(day, "")


def holidays_in(year: int, country: str, region: str = "") -> dict:
    """The public holidays of `country` in a year, {date: name}, with the names that `holiday_on` gives."""
    return dict(sorted(_holidays(country, region, year, get_language() or settings.LANGUAGE_CODE).items()))


def region_of(country: str) -> str:
    """The region whose holidays count in `country`, by the settings; "" for none."""
    return settings.HOST_REGION if country == settings.HOST_COUNTRY else ""


@cache
def _holidays(country, region, year, language):
    """The holidays of one year: {date: name}."""
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:
        return {}
    spoken = found.supported_languages
    chosen = next((code for prefix in (language, "en") for code in spoken if code.startswith(prefix)), None)
    if chosen:
        found = holidays.country_holidays(country, subdiv=region or None, years=year, language=chosen)
    return dict(found)


def check_countries(app_configs, **kwargs):
    """embassy.W001: the package knows the countries and the region of the settings."""
    known = holidays.list_supported_countries()
    unknown = [code for code in (settings.HOST_COUNTRY, settings.MISSION_COUNTRY) if code not in known]
    if not unknown and settings.HOST_REGION and settings.HOST_REGION not in known[settings.HOST_COUNTRY]:
        unknown = [f"{settings.HOST_COUNTRY}-{settings.HOST_REGION}"]
    return [
        CheckWarning(
            f"No public holidays are known of {code}: officers are not warned of them.",
            hint="See HOST_COUNTRY, HOST_REGION and MISSION_COUNTRY in .env.example.",
            id="embassy.W001",
        )
        for code in unknown
    ]
