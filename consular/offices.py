"""What the public reads of the offices, in one query however many they are.

Everything is true at one moment: the closures are those of the coming year, the status is that
moment's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from consular import opening
from consular.models import Closure, ContactInfo, EmailAddress, OpeningHours, Phone, Weekday
from consular.wording import status_line
from embassy import clock


def offices(at):
    """All offices as of the aware moment `at`, the primary one first."""
    return [_office(contact, at) for contact in _contacts(at)]


def primary_office(at):
    """The office of the header as of the aware moment `at`, or None."""
    return next((_office(contact, at) for contact in _contacts(at).filter(primary=True)), None)


def _contacts(at):
    today = clock.host_date(at)
    return ContactInfo.objects.with_details(today, today + timedelta(days=opening.HORIZON))


def _office(contact, at):
    return Office(
        contact,
        at,
        phones=_children(Phone, contact.phone_rows),
        emails=_children(EmailAddress, contact.email_rows),
        hours=_children(OpeningHours, contact.hours_rows),
        closures=_children(Closure, contact.closure_rows),
    )


def _children(model, rows):
    """The instances that the JSON `rows` describe."""
    return [
        model(**{column: model._meta.get_field(column).to_python(value) for column, value in row.items()})
        for row in rows
    ]


@dataclass(frozen=True)
class Office:
    """An office with all that readers may know of it at a moment, in the active language."""

    contact: ContactInfo
    at: datetime
    phones: list[Phone]
    emails: list[EmailAddress]
    hours: list[OpeningHours]
    closures: list[Closure]

    @property
    def name(self):
        """The name of the office."""
        return self.contact.name

    @property
    def emergency_phones(self):
        """The lines for emergencies, in their order."""
        return [phone for phone in self.phones if phone.is_emergency]

    @property
    def ordinary_phones(self):
        """The other lines, in their order; the first is the header's."""
        return [phone for phone in self.phones if not phone.is_emergency]

    @cached_property
    def opening_status(self):
        """The consular.opening.Status now, or None where no hours are known."""
        if not self.hours:
            return None
        closed = {closure.date for closure in self.closures}
        return opening.status(self.hours, closed, self.at, timezone.get_default_timezone())

    @property
    def status(self):
        """The status in words; empty where no hours are known."""
        return status_line(self.opening_status, self.at) if self.opening_status else ""

    @property
    def week(self):
        """Every day of the week, Monday first, with its spans (none: closed)."""
        return [(day.label, [span for span in self.hours if span.weekday == day]) for day in Weekday]
