"""The rule of four eyes, for every document: who last changed a content cannot approve it.

Superusers obey it too. An approval covers exactly one content; any later change of it needs another
one. An office of one switches the rule off (settings.FOUR_EYES). Documents have `version`,
`submitted_version`, `changed_by`, and the related managers `approvals` and `broken_glass`. Each
function acts on a locked chain (embassy.acts), in its transaction.
"""

from enum import Enum

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.acts import Refused


class Step(models.TextChoices):
    """What the review writes into a document's history."""

    SUBMITTED = "submitted", _("Submitted for approval")
    RETURNED = "returned", _("Returned to the author")
    APPROVED = "approved", _("Approved")
    GLASS_BROKEN = "glass-broken", _("Released without approval")
    SIGNED_OFF = "signed-off", _("Signed off")


class Stage(Enum):
    """How far the review of the working copy has come."""

    WRITING = "writing"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    # It is live or scheduled, though nobody approved it.
    DONE = "done"


def submit(chain, by):
    """Ask for the approval of what the document says. Raises Refused: submitted or approved already."""
    document = chain.document
    if approval_of(document, chain.content_sha256()):
        raise Refused(_("This text is approved already."))
    if document.submitted_version == document.version:
        raise Refused(_("This text waits for an approver already."))
    document.submitted_version = document.version
    document.save(update_fields=["submitted_version"])
    chain.record(Step.SUBMITTED, by)


def send_back(chain, by, remark):
    """Return a submitted document to its author, with a `remark`. Raises Refused."""
    document = chain.document
    if document.submitted_version != document.version:
        raise Refused(_("This text does not wait for an approver."))
    if approval_of(document, chain.content_sha256()):
        raise Refused(_("This text is approved already."))
    document.submitted_version = None
    document.save(update_fields=["submitted_version"])
    chain.record(Step.RETURNED, by, words=remark)


def approve(chain, by):
    """Vouch for what the document says; returns the approval. Raises Refused: not by who last changed it."""
    document, sha256 = chain.document, chain.content_sha256()
    if approval_of(document, sha256):
        raise Refused(_("This text is approved already."))
    if document.changed_by_id == by.pk:
        raise Refused(_("You changed this text last. Somebody else must approve it."))
    approval = document.approvals.create(
        version=document.version, content_sha256=sha256, approver=by, approved_at=chain.now
    )
    chain.record(Step.APPROVED, by)
    return approval


def sign_off(glass, by):
    """Take responsibility, afterwards, for the locked broken `glass`. Raises Refused. The caller records it."""
    if glass.signed_off_at:
        raise Refused(_("This is signed off already."))
    if glass.by_id == by.pk:
        raise Refused(_("You released this yourself. Somebody else must sign it off."))
    glass.signed_off_by, glass.signed_off_at = by, clock.database_now()
    glass.save(update_fields=["signed_off_by", "signed_off_at"])


def approval_of(document, content_sha256):
    """The approval of exactly what the stored `document` says, or None."""
    approval = document.approvals.select_related("approver").filter(version=document.version).first()
    return approval if approval and approval.content_sha256 == content_sha256 else None


def voucher_for(chain, by, reason):
    """Who approved what is about to be released, and the glass that was broken for a `reason`: one of them or none.

    Both are None where the rule is off. Raises Refused: nobody has approved it, and there is no reason.
    """
    if not settings.FOUR_EYES:
        return None, None
    document, reason = chain.document, reason.strip()
    if approval := approval_of(document, chain.content_sha256()):
        return approval.approver, None
    if not reason:
        raise Refused(_("Nobody has approved this text. Submit it, or release it without approval and say why."))
    glass = document.broken_glass.create(version=document.version, reason=reason, by=by, at=chain.now)
    chain.record(Step.GLASS_BROKEN, by, words=reason)
    return None, glass
