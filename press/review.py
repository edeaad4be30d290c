"""Submit, send back, approve, sign off: nobody alone speaks for the mission.

The rule of four eyes: who last changed a content cannot approve it, superusers included. An
approval covers exactly one content; any later change of it needs another one. An office of one
switches the rule off (settings.FOUR_EYES).
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy import clock, mail
from press.acts import Chain, Refused
from press.content import content_sha256
from press.history import record
from press.models import Approval, BrokenGlass, Event


@transaction.atomic
def submit(message, seen, by):
    """Ask for the approval of what `message` says. Raises Refused: changed, or submitted or approved already."""
    chain = Chain.lock(message.pk, seen)
    if approval_of(chain.message):
        raise Refused(_("This text is approved already."))
    if chain.message.submitted_version == chain.message.version:
        raise Refused(_("This text waits for an approver already."))
    chain.message.submitted_version = chain.message.version
    chain.message.save(update_fields=["submitted_version"])
    record(chain.message, Event.What.SUBMITTED, by, chain.now)


@transaction.atomic
def send_back(message, seen, by, remark):
    """Return a submitted `message` to its author, with a `remark`. Raises Refused."""
    if not remark.strip():
        raise Refused(_("Say what should change."))
    chain = Chain.lock(message.pk, seen)
    if chain.message.submitted_version != chain.message.version:
        raise Refused(_("This text does not wait for an approver."))
    if approval_of(chain.message):
        raise Refused(_("This text is approved already."))
    chain.message.submitted_version = None
    chain.message.save(update_fields=["submitted_version"])
    record(chain.message, Event.What.RETURNED, by, chain.now, words=remark.strip())


@transaction.atomic
def approve(message, seen, by):
    """Vouch for what `message` says; returns the Approval. Raises Refused: not by who last changed it."""
    chain = Chain.lock(message.pk, seen)
    if approval_of(chain.message):
        raise Refused(_("This text is approved already."))
    if chain.message.changed_by_id == by.pk:
        raise Refused(_("You changed this text last. Somebody else must approve it."))
    approval = Approval.objects.create(
        message=chain.message,
        version=chain.message.version,
        content_sha256=content_sha256(chain.message),
        approver=by,
        approved_at=chain.now,
    )
    record(chain.message, Event.What.APPROVED, by, chain.now)
    return approval


@transaction.atomic
def sign_off(glass, by):
    """Take responsibility, afterwards, for a release without approval. Raises Refused."""
    glass = BrokenGlass.objects.select_for_update().select_related("message").get(pk=glass.pk)
    if glass.signed_off_at:
        raise Refused(_("This is signed off already."))
    if glass.by_id == by.pk:
        raise Refused(_("You released this yourself. Somebody else must sign it off."))
    glass.signed_off_by, glass.signed_off_at = by, clock.database_now()
    glass.save(update_fields=["signed_off_by", "signed_off_at"])
    record(glass.message, Event.What.SIGNED_OFF, by, glass.signed_off_at)
    return glass


def approval_of(message):
    """The approval of exactly what the stored `message` says, or None."""
    approval = message.approvals.select_related("approver").filter(version=message.version).first()
    return approval if approval and approval.content_sha256 == content_sha256(message) else None


def voucher_for(chain, by, reason):
    """Who approved what is about to be released; None where the rule is off, or broken for a `reason`.

    Raises Refused: nobody has approved it, and there is no reason.
    """
    if not settings.FOUR_EYES:
        return None
    if approval := approval_of(chain.message):
        return approval.approver
    if not reason.strip():
        raise Refused(_("Nobody has approved this text. Submit it, or release it without approval and say why."))
    BrokenGlass.objects.create(
        message=chain.message, version=chain.message.version, reason=reason.strip(), by=by, at=chain.now
    )
    record(chain.message, Event.What.GLASS_BROKEN, by, chain.now, words=reason.strip())
    transaction.on_commit(lambda: _tell_approvers(chain.message, by, reason.strip()))
    return None


def _tell_approvers(message, by, reason):
    """Mail those who may sign it off; a mail that fails is logged and holds nobody up."""
    addresses = get_user_model().objects.with_perm("press.approve_message", include_superusers=False).exclude(pk=by.pk)
    to = [address for address in addresses.values_list("email", flat=True) if address]
    if to:
        context = {"message": message, "by": by, "reason": reason, "site_url": settings.SITE_URL}
        text = render_to_string("admin/press/broken_glass.txt", context)
        subject = gettext("Released without approval: %s") % message.title
        mail.send(EmailMessage(subject, text, to=[settings.DEFAULT_FROM_EMAIL], bcc=to))
