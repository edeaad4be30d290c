"""Withdraw: release an edition that has no text but the reason."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy.chain import Act, append
from press.acts import Chain, Refused
from press.models import Edition
from press.plain_text import one_line


@transaction.atomic
def withdraw(message, seen, by, reason, at=None):
    """End the live text of `message` now, or at the aware moment `at` (a whole minute to come).

    Its page then shows the date and the `reason`. A scheduled edition is recalled. Returns the
    edition. Raises Refused: no reason, not live, or the message has changed.
    """
    reason = one_line(reason)
    if not reason:
        raise Refused(_("Give the reason: readers see it in place of the text."))
    chain = Chain.lock(message.pk, seen)
    if not chain.live:
        raise Refused(_("This message is not live, so there is nothing to withdraw."))
    begins = chain.begins(at)
    if chain.scheduled:
        chain.recall()
    edition = _withdrawal(chain, by, begins, reason)
    append(edition, chain.last)
    return edition


def _withdrawal(chain, by, begins, reason):
    last = chain.last
    return Edition(
        message=chain.message,
        number=last.number + 1,
        act=Act.WITHDRAW,
        address=last.address,
        language=last.language,
        kind=last.kind,
        published_at=last.published_at,
        published_on=last.published_on,
        updated_at=begins,
        live_from=begins,
        note=reason,
        author=by,
        releaser=by,
        draft_version=last.draft_version,
    )
