"""Whether a link in a text leads where readers can go."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import get_language_from_path

from press.models import Address, Edition

validate_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Fault:
    """What is wrong with a link, in a sentence about %(address)s; whether it is certain."""

    sentence: str
    is_certain: bool = True


NO_ADDRESS = Fault(_("The link “%(address)s” is no address."))
UNKNOWN = Fault(_("The link “%(address)s” leads to no page of this site."))
OFFICE = Fault(_("The link “%(address)s” leads into the office, where readers cannot go."))
NOT_YET = Fault(_("The link “%(address)s” leads to a message that readers will not see by then."))
GONE = Fault(_("The link “%(address)s” leads to a message that is no longer on the site."), is_certain=False)


def fault_of(address, at):
    """What is wrong with a link to `address` that readers see from the aware moment `at` on, or None."""
    scheme, _colon, rest = address.partition(":")
    check = {"mailto": _mail_fault, "tel": _telephone_fault}.get(scheme.lower())
    return check(rest) if check else _web_fault(address, at)


def _mail_fault(rest):
    try:
        for recipient in unquote(rest.partition("?")[0]).split(","):
            validate_email(recipient.strip())
    except ValidationError:
        return NO_ADDRESS
    return None


def _telephone_fault(number):
    try:
        parsed = phonenumbers.parse(unquote(number), settings.HOST_COUNTRY)
    except phonenumbers.NumberParseException:
        return NO_ADDRESS
    return None if phonenumbers.is_possible_number(parsed) else NO_ADDRESS


def _web_fault(address, at):
    try:
        parts = urlsplit(address)
        if parts.port == 0:
            return NO_ADDRESS
        is_own = parts.hostname == urlsplit(settings.SITE_URL).hostname
        if not is_own:
            validate_web_address(address)
    except (ValidationError, ValueError):
        return NO_ADDRESS
    return _own_fault(parts.path or "/", at) if is_own else None


def _own_fault(path, at):
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            match = resolve(path)
    except Resolver404:
        return UNKNOWN
    if path.startswith(f"/{settings.ADMIN_PATH}"):
        return OFFICE
    return _message_fault(language, match.kwargs, at) if match.view_name == "press:message" else None


def _message_fault(language, named, at):
    try:
        day = date(named["year"], named["month"], named["day"])
    except ValueError:
        return UNKNOWN
    address = Address.objects.filter(language=language, date=day, slug=named["slug"])
    found = address.reached(at).first()
    if not found:
        return NOT_YET if address.exists() else UNKNOWN
    return None if Edition.objects.live(at).filter(message=found.message_id).exists() else GONE
