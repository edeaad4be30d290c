"""Withdraw, retract, replace: release an edition that has no text, and end the one that is live."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy.chain import Act, append
from press.acts import Chain, Refused
from press.history import record
from press.models import Edition, Event, Message
from press.plain_text import one_line

WHAT = {Act.WITHDRAW: Event.What.WITHDRAWN, Act.RETRACT: Event.What.RETRACTED, Act.REPLACE: Event.What.REPLACED}


@transaction.atomic
def withdraw(message, seen, by, reason, at=None):
    """End the live text of `message` now, or at the aware moment `at` (a whole minute to come).

    Its page then shows the date and the `reason`. A scheduled edition is recalled. Returns the
    edition. Raises Refused: no reason, not live, or the message has changed.
    """
    reason = one_line(reason)
    if not reason:
        raise Refused(_("Give the reason: readers see it in place of the text."))
    return _end(message, seen, Act.WITHDRAW, by, at, note=reason)


@transaction.atomic
def retract(message, seen, by, at=None):
    """End the live text of `message`, which was published in error: its address then answers 410.

    `at`, the edition and the refusals are those of `withdraw`; readers are given no reason.
    """
    return _end(message, seen, Act.RETRACT, by, at)


@transaction.atomic
def replace(message, seen, by, replacement, at=None):
    """End the live text of `message`: its address then leads to the message `replacement`.

    `at`, the edition and the refusals are those of `withdraw`. Refused as well: a replacement that
    readers cannot read, or will not be able to, or that would lead back here.
    """
    # In one order, so that two that would replace each other do not wait for each other.
    list(Message.objects.filter(pk__in=[message.pk, replacement.pk]).order_by("pk").select_for_update())
    if replacement.pk == message.pk:
        raise Refused(_("A message cannot replace itself."))
    newest = replacement.editions.order_by("-number").first()
    if not newest or not newest.has_text:
        raise Refused(_("Readers cannot read that message, or will not for long. Choose one that is live."))
    edition = _end(message, seen, Act.REPLACE, by, at, replaced_by=replacement)
    if newest.number == 1 and newest.live_from > edition.live_from:
        raise Refused(_("That message is not live yet at that moment. Choose a later one."))
    return edition


def _end(message, seen, act, by, at, **content):
    chain = Chain.lock(message.pk, seen)
    if not chain.live:
        raise Refused(_("This message is not live, so there is nothing to withdraw."))
    begins = chain.begins(at)
    if chain.scheduled:
        chain.recall(by)
    edition = _without_text(chain.last, act, begins, by, **content)
    append(edition, chain.last)
    record(chain.message, WHAT[act], by, chain.now, begins, edition.note)
    return edition


def _without_text(last, act, begins, by, **content):
    """The edition after `last` that says nothing but that the text has gone."""
    return Edition(
        message_id=last.message_id,
        number=last.number + 1,
        act=act,
        address=last.address,
        language=last.language,
        kind=last.kind,
        published_at=last.published_at,
        published_on=last.published_on,
        updated_at=begins,
        live_from=begins,
        author=by,
        releaser=by,
        draft_version=last.draft_version,
        **content,
    )
