"""Public holidays of both countries, as suggestions of days on which an office may be closed."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from embassy.public_holidays import holidays_in, region_of


@dataclass(frozen=True)
class Suggestion:
    """A day that is a holiday: of which country in words, and its name in every language of the site."""

    date: date
    of: list
    names: dict


def suggestions(year):
    """The Suggestions of a year, in their order; a day that both countries keep is one."""
    found = {}
    for country, label in _countries():
        names = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                names[code] = holidays_in(year, country, region_of(country))
        for day in names[settings.LANGUAGE_CODE]:
            found.setdefault(day, []).append((label, {code: of_year.get(day, "") for code, of_year in names.items()}))
    return [
        Suggestion(
            day,
            [label for label, _names in parts],
            {code: _joined(names[code] for _label, names in parts) for code, _name in settings.LANGUAGES},
        )
        for day, parts in sorted(found.items())
    ]


def _countries():
    countries = {settings.HOST_COUNTRY: _("host country"), settings.MISSION_COUNTRY: _("our country")}
    return list(countries.items())


def _joined(names):
    return " / ".join(dict.fromkeys(name for name in names if name))[:100]
