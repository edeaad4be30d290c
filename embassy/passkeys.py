"""Passkeys as a second factor: made by an officer's device, and asked for after the password.

embassy.webauthn knows the ceremonies; here is whom they are for, and what follows. The challenge lies in
the session, for a few minutes and for one answer. docs/decisions/second-factor.md says why it is so.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from embassy import clock, second_factor
from embassy.acts import Refused
from embassy.audit import What, record
from embassy.models import Passkey

ASKED = "passkey_asked"
# How long an answer may take, in seconds: to find the key, and to be asked for its PIN.
LIFETIME = 300
PORTS = {"http": 80, "https": 443}


class Fault(models.TextChoices):
    """What is wrong with an answer: a word for the audit log, a sentence for the officer."""

    LATE = "late", gettext_lazy("This took too long, or was sent twice. Try again.")
    UNKNOWN = "unknown", gettext_lazy("This passkey is none of yours.")
    WRONG = "wrong", gettext_lazy("The answer of the passkey is not right. Try again.")
    COUNTER = (
        "counter",
        gettext_lazy("This passkey has counted backwards: somebody may have a copy of it. Tell an administrator."),
    )
    PAUSE = "pause", gettext_lazy("This comes too soon after a failure.")


def home():
    """The origin at which browsers take passkeys for this site, as https://press.example.org; "" if at none.

    It is SITE_URL's, where that has TLS and a name: to a number no passkey can be bound. This machine may
    do without TLS, and 127.0.0.1 is then called localhost.
    """
    site = urlsplit(settings.SITE_URL)
    host = punycode(site.hostname)
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        host = "localhost" if address.is_loopback else ""
    local = host == "localhost" or host.endswith(".localhost")
    if not host or (site.scheme != "https" and not local):
        return ""
    port = f":{site.port}" if site.port and site.port != PORTS[site.scheme] else ""
    return f"{site.scheme}://{host}{port}"


def ask_to_make(request):
    """What to ask the browser of the signed-in user, who adds a passkey, as JSON has it."""
    user = request.user
    return _asked(
        request,
        _site().ask_to_make(
            user.pk,
            user.get_username(),
            user.get_full_name() or user.get_username(),
            second_factor.passkeys_of(user),
            LIFETIME,
        ),
    )


def ask_to_sign(request):
    """What to ask the browser of the signed-in user, who has passkeys, as JSON has it."""
    return _asked(request, _site().ask_to_sign(second_factor.passkeys_of(request.user), LIFETIME))


def _webauthn():
    from embassy import webauthn  # noqa: PLC0415 — who uses no passkey does not pay for it

    return webauthn


def _site():
    return _webauthn().Site(home(), settings.MISSION_NAME[settings.LANGUAGE_CODE])


def _asked(request, asked):
    question, challenge = asked
    request.session[ASKED] = {"challenge": challenge, "at": clock.now().timestamp()}
    return question


def _challenge(request):
    """The challenge that this session was given; each is for one answer. "" if there is none, or its time is over."""
    asked = request.session.pop(ASKED, None)
    in_time = asked is not None and 0 <= clock.now().timestamp() - asked["at"] <= LIFETIME
    return asked["challenge"] if in_time and home() else ""


def add(request, name, answer):
    """Make the key pair in the browser's `answer` a Passkey of the signed-in user, called `name`.

    Returns the recovery codes that are made with the first second factor, else none. The user's other
    sessions end, as with a telephone. Raises Refused.
    """
    challenge = _challenge(request)
    if not challenge:
        raise Refused(Fault.LATE.label)
    webauthn = _webauthn()
    try:
        made = _site().read_made(answer, challenge)
    except webauthn.Wrong as error:
        raise Refused(Fault.WRONG.label) from error
    with transaction.atomic():
        passkey, is_new = Passkey.objects.get_or_create(
            credential_id=made.credential_id,
            defaults={
                "user": request.user,
                "name": name,
                "public_key": made.public_key,
                "sign_count": made.sign_count,
                "transports": made.transports,
                "added_at": clock.database_now(),
            },
        )
        if not is_new:
            raise Refused(_("This passkey is already in use."))
        codes = [] if second_factor.codes_left(request.user) else second_factor.make_codes(request.user)
        record(What.SECOND_FACTOR_SET_UP, about=request.user, passkey=name)
    second_factor.go_on_alone(request, passkey)
    return codes


def give(request, answer):
    """Take the browser's `answer` as the second factor of the signed-in user; returns "", or why it is not taken."""
    challenge = _challenge(request)
    with transaction.atomic():
        mine = list(second_factor.passkeys_of(request.user).select_for_update())
        if not request.session.exists(request.session.session_key):
            # The same answer came twice at once: the first is in, with a new session.
            challenge = ""
        passkey, fault = _signed_by(mine, answer, challenge)
        if fault:
            _count(mine, fault)
            named = second_factor.named(passkey)
            record(What.SECOND_FACTOR_REFUSED, about=request.user, **named, why=fault.value)
        else:
            passkey.used_at = clock.database_now()
            passkey.save(update_fields=["sign_count", "used_at"])
            for each in mine:
                each.throttle_reset()
            second_factor.let_in(request, passkey)
            record(What.SECOND_FACTOR_GIVEN, about=request.user, passkey=passkey.name)
    return _sentence(fault, mine) if fault else ""


def _signed_by(mine, answer, challenge):
    """The one of `mine` that signed `answer`, or None if that is not known; and the Fault, or None."""
    webauthn = _webauthn()
    if any(second_factor.pause_after(each) for each in mine):
        return None, Fault.PAUSE
    if not challenge:
        return None, Fault.LATE
    passkey = None
    try:
        named = webauthn.credential_of(answer)
        passkey = next((each for each in mine if bytes(each.credential_id) == named), None)
        if passkey is None:
            return None, Fault.UNKNOWN
        count = _site().read_signed(answer, challenge, passkey)
    except webauthn.Wrong:
        return passkey, Fault.WRONG
    # Devices that do not count say 0 for ever.
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        return passkey, Fault.COUNTER
    passkey.sign_count = count
    return passkey, None


def _count(mine, fault):
    """Count the failure with each of `mine`: it is the account's, whichever was named."""
    if fault != Fault.PAUSE:
        for each in mine:
            each.throttle_increment()


def _sentence(fault, mine):
    if fault != Fault.PAUSE:
        return fault.label
    seconds = max(1, *(second_factor.pause_after(each) for each in mine))
    return ngettext(
        "After a failure a passkey is looked at again in %(seconds)s second.",
        "After a failure a passkey is looked at again in %(seconds)s seconds.",
        seconds,
    ) % {"seconds": seconds}
