"""Offices for tests: plain, without surprises."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.test import override_settings

from consular.acts import release
from consular.models import Channel, ContactInfo, Facts, Notice
from consular.opening import Span
from embassy import clock
from embassy.acts import Seen

LONDON = ZoneInfo("Europe/London")


def london(year, month, day, hour=0, minute=0, second=0):
    """A moment by London's clocks."""
    return datetime(year, month, day, hour, minute, second, tzinfo=LONDON)


def span(weekday, opens, closes):
    """A span of a week; times are written 09:00."""
    return Span(weekday, time.fromisoformat(opens), time.fromisoformat(closes))


def make_office(name="Consular Section", primary=True, hours=(), closures=(), others=()):
    """An office with two ordinary telephones, an emergency line before them, and two e-mail addresses.

    `hours` are of the counter; `closures` are (day, reason), `others` (day, hours, reason). Nobody
    reads it before it is published.
    """
    office = ContactInfo.objects.create(
        name_en=name,
        name_ru="Консульский отдел",
        address_en="27 Larkspur Gate\nLondon",
        address_ru="Ларкспур-Гейт, 27\nЛондон",
        primary=primary,
    )
    office.phones.create(
        number="+442079460911",
        purpose_en="Emergency line",
        purpose_ru="Экстренная связь",
        note_en="For citizens in danger",
        note_ru="Для граждан в беде",
        not_for_en="Not for visas",
        not_for_ru="Не по визам",
        is_emergency=True,
        order=1,
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
        office.hours.create(channel=Channel.COUNTER, weekday=weekday, opens=opens, closes=closes)
    for day, reason in closures:
        add_exception(office, day, reason)
    for day, spans, reason in others:
        add_exception(office, day, reason, spans)
    return office


def add_exception(office, day, reason, hours="", channel=None):
    """A day that is different for an office."""
    return office.exceptions.create(
        date=date.fromisoformat(day), hours=hours, channel=channel, reason_en=reason, reason_ru=f"{reason} по-русски"
    )


def publish(at=None):
    """Release the facts as the tables have them now, past the rule of four eyes; returns the edition."""
    facts = Facts.objects.current()
    facts.note_change(None)
    with override_settings(FOUR_EYES=False):
        return release(facts, Seen.of(facts), None, at)


def make_notice(text="The line is down", ends_at=None, level="warning", by=None, **fields):
    """The draft of a notice."""
    now = clock.database_now()
    return Notice.objects.create(
        text_en=text,
        text_ru=f"{text} по-русски",
        level=level,
        ends_at=ends_at,
        changed_by=by,
        changed_at=now,
        **fields,
    )


def show_notice(notice, at=None):
    """Release a notice, past the rule of four eyes."""
    with override_settings(FOUR_EYES=False):
        return release(notice, Seen.of(notice), None, at)
