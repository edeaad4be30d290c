"""What time it is: for readers (Python) and for writers (the database), and in which city.

Reads take `at` from `now()`, once a request; writes take it from `database_now()`, so that two
web servers with clocks that differ still write one chain. One test fixture freezes both.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language


@dataclass(frozen=True)
class City:
    """A city whose clock the header shows: its zone and its name in each language."""

    zone: ZoneInfo
    names: dict

    @property
    def name(self):
        """The name in the active language."""
        return self.names[get_language() or settings.LANGUAGE_CODE]


@cache
def cities():
    """The cities of the header, in the order of the setting CLOCKS. Raises ImproperlyConfigured."""
    return tuple(_city(entry) for entry in settings.CLOCKS.split(","))


def _city(entry):
    key, _, names = (part.strip() for part in entry.partition("="))
    texts = [name.strip() for name in names.split("|")]
    codes = [code for code, _name in settings.LANGUAGES]
    if not key or not all(texts) or len(texts) not in {1, len(codes)}:
        raise ImproperlyConfigured(f"CLOCKS has {entry!r}; it must look like Europe/London=London|Лондон")
    try:
        zone = ZoneInfo(key)
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(f"CLOCKS names {key!r}, which is no time zone") from error
    return City(zone, {code: texts[index % len(texts)] for index, code in enumerate(codes)})


def now():
    """This moment, aware, for reading."""
    return datetime.now(UTC)


def database_now():
    """This moment by the database's clock, aware, for writing; it moves on within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT press_now()")
        return cursor.fetchone()[0].astimezone(UTC)


def host_date(moment: datetime) -> date:
    """The date of an aware `moment` in the host city."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def is_whole_minute(moment: datetime) -> bool:
    """Whether `moment` lies exactly on a minute, as scheduled times must."""
    return moment.second == 0 and moment.microsecond == 0


def whole_minute_from(moment: datetime) -> datetime:
    """The first whole minute that is not before `moment`."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + timedelta(minutes=1)
