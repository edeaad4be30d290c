"""Recall: take back an edition before it has gone live."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from press.acts import Chain, Refused


@transaction.atomic
def recall(message, seen, by):
    """Let `by` take back the scheduled edition of `message`; nothing of it stays outside the office.

    Raises Refused: nothing is scheduled, it goes live within seconds, or the message has changed.
    """
    chain = Chain.lock(message.pk, seen)
    if not chain.scheduled:
        raise Refused(_("Nothing is scheduled, so there is nothing to recall."))
    chain.recall(by)
