"""Offices for tests: plain, without surprises."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from consular.models import ContactInfo, OpeningHours

LONDON = ZoneInfo("Europe/London")


def london(year, month, day, hour=0, minute=0, second=0):
    """A moment by London's clocks."""
    return datetime(year, month, day, hour, minute, second, tzinfo=LONDON)


def span(weekday, opens, closes):
    """Opening hours that are not saved; times are written 09:00."""
    return OpeningHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def make_office(name="Consular Section", primary=True, hours=(), closures=()):
    """An office with two ordinary telephones, an emergency line before them, and two e-mail addresses."""
    office = ContactInfo.objects.create(
        name_en=name,
        name_ru="Консульский отдел",
        address_en="27 Larkspur Gate\nLondon",
        address_ru="Ларкспур-Гейт, 27\nЛондон",
        primary=primary,
    )
    office.phones.create(
        number="+442079460911", purpose_en="Emergency line", purpose_ru="Экстренная связь", is_emergency=True, order=1
    )
    office.phones.create(number="+442079460124", purpose_en="Passports", purpose_ru="Паспорта", order=3)
    office.phones.create(
        number="+442079460120",
        purpose_en="Enquiries",
        purpose_ru="Справки",
        note_en="Mornings only",
        note_ru="Только утром",
        order=2,
    )
    office.emails.create(address="appointments@example.org", purpose_en="Appointments", purpose_ru="Запись", order=2)
    office.emails.create(address="consular@example.org", purpose_en="Enquiries", purpose_ru="Справки", order=1)
    for weekday, opens, closes in hours:
        office.hours.create(weekday=weekday, opens=opens, closes=closes)
    for day, reason in closures:
        office.closures.create(date=date.fromisoformat(day), reason_en=reason, reason_ru=f"{reason} по-русски")
    return office
