"""Show a draft to somebody without an account: by a link that has a recipient, an end, and can be revoked."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from embassy import clock
from press.acts import Refused
from press.history import record
from press.models import Edition, Event, Message, SharedPreview
from press.plain_text import one_line

LONGEST = timedelta(days=30)


@transaction.atomic
def share(message, by, recipient, lasting):
    """Let `recipient` (a name, for the record) see the draft of `message` for the timedelta `lasting`.

    Returns the shared preview and its token, which is kept nowhere. Raises Refused: there is no
    name, `lasting` is not within 30 days, or readers see the text already.
    """
    recipient = one_line(recipient)
    if not recipient:
        raise Refused(_("Say for whom the link is."))
    if not timedelta(0) < lasting <= LONGEST:
        raise Refused(_("A link lasts 30 days at most."))
    message = Message.objects.select_for_update().get(pk=message.pk)
    now = clock.database_now()
    if Edition.objects.live(now).filter(message=message, draft_version=message.version).exists():
        raise Refused(_("Readers see this text already: send the address of its page."))
    token = secrets.token_urlsafe(32)
    shared = SharedPreview.objects.create(
        message=message,
        version=message.version,
        recipient=recipient,
        key_sha256=_sha256(token),
        made_by=by,
        made_at=now,
        expires_at=now + lasting,
    )
    record(message, Event.What.SHARED, by, now, words=recipient)
    return shared, token


@transaction.atomic
def revoke(shared_id, message, by):
    """Let `by` end a link of `message` now. Returns it, or None where it does not work any more."""
    now = clock.database_now()
    shared = message.shared_previews.open(now).select_for_update().filter(pk=shared_id).first()
    if shared:
        shared.revoked_at = now
        shared.save(update_fields=["revoked_at"])
        record(shared.message, Event.What.UNSHARED, by, now, words=shared.recipient)
    return shared


def shared_by(token, at):
    """The shared preview whose link `token` makes, if it works at the aware moment `at`; else None."""
    return SharedPreview.objects.open(at).select_related("message").filter(key_sha256=_sha256(token)).first()


def note_opening(shared):
    """Count that the link was opened."""
    SharedPreview.objects.filter(pk=shared.pk).update(openings=F("openings") + 1, opened_at=clock.database_now())


def released_since(shared, at):
    """The edition that stands at `at`, if what was shared, or something later, has been live; else None."""
    editions = Edition.objects.filter(message=shared.message_id, live_from__lte=at)
    if not editions.filter(draft_version__gte=shared.version).exists():
        return None
    return editions.select_related("address").order_by("-number").first()


def _sha256(token):
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
