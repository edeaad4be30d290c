"""What the public reads of the offices: from the edition that is live at one moment, in the active language.

Nothing here knows the working copy. The closed days are those of the coming year, the status is the
moment's.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language, get_language_info

from consular import opening
from consular.freshness import address_value, is_stale
from consular.languages import spoken
from consular.models import Channel, Confirmation, ConsularEdition, Document, Weekday
from consular.models.checks import What
from consular.wording import status_line
from embassy import clock


@dataclass(frozen=True)
class Day:
    """An exceptional day: the date, what is different (None: everything), the spans all the same open, why."""

    date: date
    channel: Channel | None
    spans: list
    reason: str


@dataclass(frozen=True)
class Published:
    """The released facts as of a moment: the edition, its offices, and when each fact was last checked."""

    edition: ConsularEdition
    offices: list

    @property
    def emergency_phones(self):
        """The lines for emergencies of all offices, in their order."""
        return [phone for office in self.offices for phone in office.emergency_phones]

    @property
    def primary(self):
        """The office of the header, or None."""
        return next((office for office in self.offices if office.facts["primary"]), None)

    @property
    def is_stale(self):
        """Whether a fact was not checked for too long."""
        return any(is_stale(when, office.today) for office in self.offices for when in office.check_dates)

    @property
    def checked_on(self):
        """The date on which the fact that was not checked for longest was checked; None: one never was."""
        dates = [when for office in self.offices for when in office.check_dates]
        return min(dates) if dates and all(dates) else None


def published(at):
    """The released facts as of the aware moment `at`, or None: one query, however many offices."""
    checks = (
        Confirmation.objects.order_by()
        .values("what", "value")
        .annotate(last=Max("checked_on"))
        .values(row=JSONObject(what="what", value="value", last="last"))
    )
    edition = (
        ConsularEdition.objects.live(at).filter(kind=Document.Kind.FACTS).annotate(checks=ArraySubquery(checks)).first()
    )
    if edition is None:
        return None
    checked = {(row["what"], row["value"]): date.fromisoformat(row["last"]) for row in edition.checks}
    # The value by which an address is checked is of one language, whatever language is active.
    values = [address_value(office) for office in edition.content["offices"]]
    facts = spoken(edition.content["offices"])
    return Published(
        edition,
        [Office(office, at, _checks(office, value, checked)) for office, value in zip(facts, values, strict=True)],
    )


def _checks(office, address, checked):
    """{what: {value: date of the last check or None}} of one office."""
    return {
        What.PHONE: {phone["number"]: checked.get((What.PHONE, phone["number"])) for phone in office["phones"]},
        What.EMAIL: {mail["address"]: checked.get((What.EMAIL, mail["address"])) for mail in office["emails"]},
        What.ADDRESS: {address: checked.get((What.ADDRESS, address))} if address else {},
    }


@dataclass(frozen=True)
class Office:
    """An office with all that readers may know of it at a moment; `facts` are its part of an edition, spoken."""

    facts: dict
    at: datetime
    checks: dict | None = None

    @property
    def name(self):
        """The name of the office."""
        return self.facts["name"]

    @cached_property
    def emergency_phones(self):
        """The lines for emergencies, in their order."""
        return [phone for phone in self._phones if phone["is_emergency"]]

    @cached_property
    def ordinary_phones(self):
        """The other lines, in their order; the first is the header's."""
        return [phone for phone in self._phones if not phone["is_emergency"]]

    @cached_property
    def emails(self):
        """The e-mail addresses, in their order."""
        return [{**mail, "stale": self._stale(What.EMAIL, mail["address"])} for mail in self.facts["emails"]]

    @cached_property
    def stale_address(self):
        """When the address was last checked, where that is too long ago; else None."""
        for when in self._checked(What.ADDRESS).values():
            return when if is_stale(when, self.today) else None
        return None

    @property
    def check_dates(self):
        """The date of the last check of each number and address; None for one that never was."""
        return [when for dates in (self.checks or {}).values() for when in dates.values()]

    @cached_property
    def today(self):
        """The date in the host city."""
        return clock.host_date(self.at)

    @cached_property
    def languages(self):
        """The names of the languages spoken, in the active language."""
        names = [get_language_info(code)["name_translated"] for code in self.facts["languages"]]
        # Only English writes each with a capital letter.
        return names if get_language() == "en" else names[:1] + [name.lower() for name in names[1:]]

    @cached_property
    def days(self):
        """The exceptional days of the coming year, in their order."""
        found = [
            Day(
                date.fromisoformat(day["date"]),
                None if day["channel"] is None else Channel(day["channel"]),
                [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in day["spans"]],
                day["reason"],
            )
            for day in self.facts["exceptions"]
        ]
        last = self.today + timedelta(days=opening.HORIZON)
        return [day for day in found if self.today <= day.date <= last]

    @cached_property
    def channels(self):
        """What is open at hours of its own, in the order of Channel."""
        kept = {span["channel"] for span in self.facts["hours"]}
        return [channel for channel in Channel if channel in kept]

    def hours_of(self, channel):
        """The week of a channel, as opening.Spans."""
        return [
            opening.Span(span["weekday"], time.fromisoformat(span["opens"]), time.fromisoformat(span["closes"]))
            for span in self.facts["hours"]
            if span["channel"] == channel
        ]

    def exceptions_of(self, channel):
        """{date: spans} of a channel: a day that is different for it alone goes before one that is for all."""
        general = {day.date: day.spans for day in self.days if day.channel is None}
        return general | {day.date: day.spans for day in self.days if day.channel == channel}

    def status_of(self, channel):
        """The opening.Status of a channel now."""
        zone = timezone.get_default_timezone()
        return opening.status(self.hours_of(channel), self.exceptions_of(channel), self.at, zone)

    @cached_property
    def opening_status(self):
        """The Status that is shown first, the counter's if it has one; None where no hours are known."""
        return self.status_of(self.channels[0]) if self.channels else None

    @property
    def status(self):
        """The status in words; empty where no hours are known."""
        return status_line(self.opening_status, self.at) if self.opening_status else ""

    @property
    def other_statuses(self):
        """The other channels with their status in words."""
        return [(channel.label, status_line(self.status_of(channel), self.at)) for channel in self.channels[1:]]

    @property
    def week(self):
        """Every day of the week, Monday first: its name, and for each channel its spans (none: closed)."""
        weeks = [self.hours_of(channel) for channel in self.channels]
        return [(day.label, [[span for span in week if span.weekday == day] for week in weeks]) for day in Weekday]

    @property
    def next_change(self):
        """The moment (UTC) until which all statuses stay what they are."""
        zone = timezone.get_default_timezone()
        statuses = [self.status_of(channel) for channel in self.channels] or [opening.Status(open=False)]
        return min(opening.next_change(status, self.at, zone) for status in statuses)

    @cached_property
    def _phones(self):
        return [{**phone, "stale": self._stale(What.PHONE, phone["number"])} for phone in self.facts["phones"]]

    def _checked(self, what):
        return (self.checks or {}).get(what, {})

    def _stale(self, what, value):
        """When a fact was last checked, where that is too long ago; else None."""
        when = self._checked(what).get(value)
        return when if when and is_stale(when, self.today) else None
