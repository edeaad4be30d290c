"""Submit, send back, approve, sign off: nobody alone speaks for the mission (embassy.review has the rule)."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy import mail, review
from embassy.officers import addresses_with
from press.acts import Chain, Refused
from press.content import content_sha256
from press.history import record
from press.models import BrokenGlass, Event


@transaction.atomic
def submit(message, seen, by):
    """Ask for the approval of what `message` says. Raises Refused: changed, or submitted or approved already."""
    review.submit(Chain.lock(message.pk, seen), by)


@transaction.atomic
def send_back(message, seen, by, remark):
    """Return a submitted `message` to its author, with a `remark`. Raises Refused."""
    if not remark.strip():
        raise Refused(_("Say what should change."))
    review.send_back(Chain.lock(message.pk, seen), by, remark.strip())


@transaction.atomic
def approve(message, seen, by):
    """Vouch for what `message` says; returns the Approval. Raises Refused: not by who last changed it."""
    return review.approve(Chain.lock(message.pk, seen), by)


@transaction.atomic
def sign_off(glass, by):
    """Take responsibility, afterwards, for a release without approval. Raises Refused."""
    glass = BrokenGlass.objects.select_for_update().select_related("message").get(pk=glass.pk)
    review.sign_off(glass, by)
    record(glass.message, Event.What.SIGNED_OFF, by, glass.signed_off_at)
    return glass


def approval_of(message):
    """The approval of exactly what the stored `message` says, or None."""
    return review.approval_of(message, content_sha256(message))


def voucher_for(chain, by, reason):
    """Who approved what is about to be released; None where the rule is off, or broken for a `reason`.

    Raises Refused: nobody has approved it, and there is no reason.
    """
    approver, glass = review.voucher_for(chain, by, reason)
    if glass:
        transaction.on_commit(lambda: _tell_approvers(chain.message, by, glass.reason))
    return approver


def _tell_approvers(message, by, reason):
    """Mail those who may sign it off; a mail that fails is logged and holds nobody up."""
    to = addresses_with("press.approve_message", besides=by)
    if to:
        context = {"message": message, "by": by, "reason": reason, "site_url": settings.SITE_URL}
        text = render_to_string("admin/press/broken_glass.txt", context)
        subject = gettext("Released without approval: %s") % message.title
        mail.send(EmailMessage(subject, text, to=[settings.DEFAULT_FROM_EMAIL], bcc=to))
