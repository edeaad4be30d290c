"""The consular page for machines: JSON-LD in the words of schema.org."""

from datetime import time
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from consular.models import Weekday

CLOSED = (time(), time())
# By name, not as text: they are members of schema.org's own list.
DAYS = {day: {"@id": f"https://schema.org/{day.name.capitalize()}"} for day in Weekday}


def offices_ld(offices):
    """The offices as a graph of GovernmentOffice; None where there are none."""
    if not offices:
        return None
    page = urljoin(settings.SITE_URL, reverse("consular:contact"))
    return {"@context": "https://schema.org", "@graph": [_office(office, page) for office in offices]}


def _office(office, page):
    channel = office.channels[0] if office.channels else None
    found = {
        "@type": "GovernmentOffice",
        "@id": f"{page}#office-{office.facts['id']}",
        "name": office.name,
        "url": f"{page}#office-{office.facts['id']}",
        "telephone": next((phone["number"] for phone in office.ordinary_phones), None),
        "email": next((email["address"] for email in office.emails), None),
        "address": ", ".join(office.facts["address"].splitlines()) or None,
        "knowsLanguage": office.facts["languages"] or None,
        "openingHoursSpecification": [_hours(span) for span in office.hours_of(channel)],
        "specialOpeningHoursSpecification": [
            special for day, spans in office.exceptions_of(channel).items() for special in _special(day, spans)
        ],
        "contactPoint": [_contact(phone) for phone in [*office.emergency_phones, *office.ordinary_phones]],
    }
    return {name: value for name, value in found.items() if value}


def _hours(span):
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": DAYS[span.weekday],
        "opens": f"{span.opens:%H:%M}",
        "closes": f"{span.closes:%H:%M}",
    }


def _special(day, spans):
    """The specifications of an exceptional day. One from midnight to midnight is closed, as search engines read it."""
    valid = {"@type": "OpeningHoursSpecification", "validFrom": day.isoformat(), "validThrough": day.isoformat()}
    return [{**valid, "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for opens, closes in spans or [CLOSED]]


def _contact(phone):
    kind = "emergency" if phone["is_emergency"] else phone["purpose"]
    return {"@type": "ContactPoint", "contactType": kind, "telephone": phone["number"]}
