"""The second factor: who needs one, when it has been given, and how it is set up and taken away.

A code from an app on the telephone, a passkey (embassy.passkeys), or one of the recovery codes.
docs/decisions/second-factor.md says why these. The session knows whether it is due; the office
(embassy.office) asks here at every request.
"""

import hashlib
import secrets

import django_otp
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from embassy import clock
from embassy.acts import Refused
from embassy.audit import What, record
from embassy.models import Passkey, RecoveryCodes, Telephone
from embassy.sessions import end_sessions

DUE = "second_factor_due"
# What makes a powerful account: these beginnings of rights, in every application, and these rights.
POWERS = ("release_", "approve_", "break_")
POWERS_OVER_ACCOUNTS = {"auth.add_user", "auth.change_user"}
# Base32 without what is easily mistaken: 16 of these are 80 bits, more than anybody tries out.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODES, LETTERS = 10, 16


def is_given(request):
    """Whether the signed-in user of `request` has given the second factor, or needs none."""
    if getattr(request.user, "otp_device", None):
        return True
    return not request.session.get(DUE) and not is_required_of(request.user)


def is_required_of(user):
    """Whether `user` must have one: may release, approve, or keep accounts."""
    if not settings.SECOND_FACTOR:
        return False
    rights = user.get_all_permissions()
    return bool(rights & POWERS_OVER_ACCOUNTS) or any(right.partition(".")[2].startswith(POWERS) for right in rights)


@receiver(user_logged_in)
def _note_due(sender, request, user, **kwargs):
    request.session[DUE] = is_set_up(user)


def ask(request):
    """A redirect to the page that asks for it, and from there to where `request` wanted to go."""
    wanted = request.GET.get("next")
    return redirect(reverse("second_factor_code") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def telephone_of(user):
    """The Telephone of `user`, or None."""
    return Telephone.objects.filter(user=user, confirmed=True).first()


def passkeys_of(user):
    """The Passkeys of `user`, the oldest first."""
    return Passkey.objects.filter(user=user, confirmed=True).order_by("pk")


def is_set_up(user):
    """Whether `user` has any."""
    return telephone_of(user) is not None or passkeys_of(user).exists()


def codes_left(user):
    """How many recovery codes `user` has."""
    codes = RecoveryCodes.objects.filter(user=user).first()
    return len(codes.hashes) if codes else 0


def give(request, code):
    """Take a `code` for the signed-in user; returns whether it is right. Each serves once."""
    text = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic():
        telephone = Telephone.objects.select_for_update().filter(user=request.user, confirmed=True).first()
        device = (telephone and _from_telephone(telephone, text)) or _from_paper(request.user, text)
    if device is None:
        record(What.SECOND_FACTOR_REFUSED, about=request.user)
        return False
    let_in(request, device)
    used = isinstance(device, RecoveryCodes)
    record(What.RECOVERY_CODE_USED if used else What.SECOND_FACTOR_GIVEN, about=request.user)
    return True


def _from_telephone(telephone, text):
    is_code = len(text) == telephone.digits and text.isascii() and text.isdigit()
    return telephone if is_code and telephone.verify_token(text) else None


def _from_paper(user, text):
    codes = RecoveryCodes.objects.select_for_update().filter(user=user).first()
    if codes is None or _hash(text) not in codes.hashes:
        return None
    codes.hashes.remove(_hash(text))
    codes.save(update_fields=["hashes"])
    return codes


def let_in(request, device):
    """Note that the signed-in user has given the second factor, by `device`."""
    request.session.cycle_key()
    request.session[DUE] = False
    django_otp.login(request, device)


def pause_of(user):
    """For how many seconds no code from the telephone of `user` is looked at, after wrong ones."""
    telephone = telephone_of(user)
    return pause_after(telephone) if telephone else 0


def pause_after(device):
    """For how many seconds nothing from `device` is looked at, after failures."""
    allowed, why = device.verify_is_allowed()
    return 0 if allowed else max(1, round((why["locked_until"] - clock.now()).total_seconds()))


def begin(user):
    """The Telephone that `user` is setting up; the same until it is confirmed."""
    return Telephone.objects.get_or_create(user=user, confirmed=False, defaults={"name": "new"})[0]


def confirm(request, code):
    """Make the telephone that is being set up the second factor, if it shows `code`; returns the recovery codes.

    None if the code is wrong. The user's other sessions, which have given none, end.
    """
    with transaction.atomic():
        new = Telephone.objects.select_for_update().filter(user=request.user, confirmed=False).first()
        if new is None or not _from_telephone(new, "".join(code.split())):
            return None
        Telephone.objects.filter(user=request.user).exclude(pk=new.pk).delete()
        new.confirmed, new.name = True, "telephone"
        new.save()
        codes = make_codes(request.user)
        record(What.SECOND_FACTOR_SET_UP, about=request.user)
    go_on_alone(request, new)
    return codes


def go_on_alone(request, device):
    """This session goes on, with the second factor given by `device`; the user's others end."""
    let_in(request, device)
    request.session.save()
    end_sessions(request.user, but=request.session.session_key)


def remove(request, device):
    """Take a Telephone or Passkey of the signed-in user away. Raises Refused if there is no other.

    The user's other sessions end: one of them may have come in by it.
    """
    with transaction.atomic():
        # Of two that are removed at once, one stays.
        User.objects.select_for_update().get(pk=request.user.pk)
        all_of_them = [each for each in (telephone_of(request.user), *passkeys_of(request.user)) if each]
        rest = [each for each in all_of_them if each != device]
        if not rest:
            raise Refused(_("This is your only second factor. Add another first, or ask an administrator."))
        given = request.user.otp_device
        by = rest[0] if given in {None, device} else given
        device.delete()
        record(What.SECOND_FACTOR_REMOVED, about=request.user, **named(device))
    go_on_alone(request, by)


def named(device):
    """What the audit log says of `device`: the name of a passkey."""
    return {"passkey": device.name} if isinstance(device, Passkey) else {}


def make_codes(user):
    """New recovery codes for `user`, in place of the old ones; this is the only time that they are known."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(CODES)]
    hashes = [_hash(code) for code in codes]
    RecoveryCodes.objects.update_or_create(user=user, defaults={"hashes": hashes, "name": "paper"})
    record(What.RECOVERY_CODES_MADE, about=user)
    return ["-".join(code[start : start + 4] for start in range(0, LETTERS, 4)) for code in codes]


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def reset(user):
    """Take the second factor of `user` away and end all sessions; at the next sign-in it is set up anew."""
    Telephone.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
    end_sessions(user)
    record(What.SECOND_FACTOR_RESET, about=user)
