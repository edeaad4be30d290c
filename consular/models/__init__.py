"""Offices and their details (the working copy), the documents they are released as, and who vouches for them."""

from consular.models.checks import Confirmation, ConfirmedYear, Reminder
from consular.models.document import Document, Facts, Level, Notice
from consular.models.edition import ConsularEdition
from consular.models.hours import Channel, ExceptionalDay, OpeningHours, Weekday
from consular.models.office import ContactInfo, EmailAddress, Phone, Service
from consular.models.review import Approval, BrokenGlass, Event

__all__ = [
    "Approval",
    "BrokenGlass",
    "Channel",
    "Confirmation",
    "ConfirmedYear",
    "ConsularEdition",
    "ContactInfo",
    "Document",
    "EmailAddress",
    "Event",
    "ExceptionalDay",
    "Facts",
    "Level",
    "Notice",
    "OpeningHours",
    "Phone",
    "Reminder",
    "Service",
    "Weekday",
]
