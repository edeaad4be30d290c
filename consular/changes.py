"""What is different between two contents of a document, in the officers' words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import DateTimeField
from django.utils.formats import date_format
from django.utils.translation import gettext

from consular.languages import spoken
from consular.models import Channel, ContactInfo, Document, EmailAddress, Notice, Phone, Service, Weekday
from embassy.moments import in_both_cities

PARTS = {"phones": Phone, "emails": EmailAddress, "services": Service}
COLUMNS = {
    ContactInfo: ["kind", "primary", "languages"],
    Phone: ["number", "is_emergency"],
    EmailAddress: ["address"],
    Service: ["fee", "currency", "appointment", "booking_url"],
    Notice: ["level", "ends_at", "url"],
}


@dataclass(frozen=True)
class Change:
    """One line that is not what it was: where, and both texts (empty: it was not there, or is not any more)."""

    where: str
    before: str
    after: str


def changes(before, after, kind):
    """The Changes from the content `before` (None: nothing was released) to `after`, in the order of `after`."""
    lines = _notice_lines if kind == Document.Kind.NOTICE else _facts_lines
    old, new = dict(lines(before)) if before else {}, dict(lines(after))
    keys = [*new, *(key for key in old if key not in new)]
    found = [(old.get(key), new.get(key)) for key in keys]
    return [Change((now or was)[0], _said(was), _said(now)) for was, now in found if _said(was) != _said(now)]


def _said(line):
    return line[1] if line else ""


def _notice_lines(content):
    for name, label, text in _fields(Notice, content):
        yield name, (label, text)


def _facts_lines(content):
    """Every line of all offices: a key that stays, and the place in words with its text."""
    for office in content["offices"]:
        key, name = office["id"], spoken(office["name"])
        for field, label, text in _fields(ContactInfo, office):
            yield (key, field), (f"{name} › {label}", text)
        for part, model in PARTS.items():
            for position, item in enumerate(office[part]):
                title = f"{name} › {model._meta.verbose_name}"
                place = f"{position + 1}. {_title(item)}"
                yield (key, part, item["id"], "order"), (f"{title} › {gettext('order')}", place)
                for field, label, text in _fields(model, item):
                    yield (key, part, item["id"], field), (f"{title} “{_title(item)}” › {label}", text)
        yield from _hours_lines(key, name, office["hours"])
        for day in office["exceptions"]:
            yield _exception_line(key, name, day)


def _fields(model, data):
    for name in COLUMNS[model]:
        column = model._meta.get_field(name)
        yield name, str(column.verbose_name), _text(column, data[name])
    for text in model.per_language():
        for code, _name in settings.LANGUAGES:
            field = model._meta.get_field(f"{text.name}_{code}")
            yield field.name, str(field.verbose_name), data[text.name][code]


def _text(column, value):
    if column.choices and value:
        return str(dict(column.flatchoices)[value])
    if value and isinstance(column, DateTimeField):
        return in_both_cities(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(value)
    return value or ""


def _title(item):
    return spoken(item.get("purpose") or item.get("name"))


def _hours_lines(key, name, hours):
    days = {}
    for span in hours:
        days.setdefault((span["channel"], span["weekday"]), []).append(f"{span['opens']}–{span['closes']}")
    for (channel, weekday), spans in days.items():
        where = f"{name} › {Channel(channel).label} › {Weekday(weekday).label}"
        yield (key, "hours", channel, weekday), (where, ", ".join(sorted(spans)))


def _exception_line(key, name, day):
    spans = ", ".join(f"{opens}–{closes}" for opens, closes in day["spans"]) or gettext("closed")
    what = f" › {Channel(day['channel']).label}" if day["channel"] is not None else ""
    where = f"{name} › {date_format(date.fromisoformat(day['date']), 'j E Y')}{what}"
    reasons = " / ".join(day["reason"][code] for code, _name in settings.LANGUAGES)
    return (key, "exceptions", day["date"], day["channel"]), (where, f"{spans}: {reasons}")
