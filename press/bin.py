"""The bin: where a deleted draft lies for 30 days.

What lies there is in no list, search or index page, because press.models.Message.objects leaves it
out. After 30 days it is gone, by the clock: nobody can see it or bring it back, whether its row is
still there or not. Rows that are past their time go with the next draft that is put in, with the next
look into the bin, and with `manage.py empty_bin`; so nothing hangs on a job that somebody forgets.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy import clock
from press.acts import Chain, Refused
from press.history import record
from press.models import Event, Message

KEPT = timedelta(days=30)


@transaction.atomic
def put_in(message, seen, by):
    """Let `by` put the draft `message` into the bin. Raises Refused: it is or was released, or has changed."""
    chain = Chain.lock(message.pk, seen)
    message = chain.message
    if chain.editions:
        raise Refused(_("A message that is released or scheduled is never deleted. Recall or withdraw it."))
    if message.broken_glass.exists():
        raise Refused(_("A message that was released without approval stays on record."))
    message.binned_by, message.binned_at = by, chain.now
    message.save(update_fields=["binned_by", "binned_at"])
    record(message, Event.What.BINNED, by, chain.now)
    purge()
    return message


@transaction.atomic
def take_out(message, by):
    """Let `by` bring `message` back as the draft it was. Returns it. Raises Refused: it is not in the bin any more."""
    message = _locked(message)
    message.binned_by = message.binned_at = None
    message.save(update_fields=["binned_by", "binned_at"])
    record(message, Event.What.UNBINNED, by, clock.database_now())
    return message


@transaction.atomic
def delete_for_good(message):
    """Delete `message`, which lies in the bin, with its parts, versions and history. Raises Refused: it does not."""
    _locked(message).delete()


@transaction.atomic
def purge():
    """Delete what has lain in the bin for 30 days; returns how many messages. What is being worked on is passed by."""
    over = Message.everything.filter(binned_at__lte=clock.database_now() - KEPT)
    gone = list(over.order_by("pk").select_for_update(skip_locked=True))
    for message in gone:
        message.delete()
    return len(gone)


def _locked(message):
    found = Message.everything.select_for_update().filter(pk=message.pk).first()
    if found is None or found.binned_at is None or found.binned_at <= clock.database_now() - KEPT:
        raise Refused(_("This message is not in the bin any more."))
    return found
