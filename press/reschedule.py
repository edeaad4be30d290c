"""Reschedule: recall and release in one act, without a moment in which nothing is scheduled."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.chain import Act, append
from press.acts import Chain, Refused
from press.checklist import refuse_blocked
from press.models import Edition, Event
from press.release import take_address
from press.withdraw import WHAT

# What belongs to the row and not to what it says.
OF_THE_ROW = frozenset({"id", "address", "releaser", "live_from", "live_until", "sha256", "canonical_version"})
MOMENTS = ("published_at", "updated_at")


@transaction.atomic
def reschedule(message, seen, by, at):
    """Let what is scheduled for `message` happen at the aware moment `at` instead, a whole minute to come.

    It is the same text, with the same approval, whatever has been written since; its address bears
    the new date where readers have not seen the message before. Returns the new edition. Raises
    Refused: nothing is scheduled, it goes live within seconds, the moment is none or the same, the
    checklist holds it up, or the message has changed.
    """
    chain = Chain.lock(message.pk, seen)
    planned = chain.scheduled
    if not planned:
        raise Refused(_("Nothing is scheduled, so there is nothing to reschedule."))
    if at is None or at == planned.live_from:
        raise Refused(_("Choose another moment than the one it is scheduled for."))
    begins = chain.begins(at)
    _refuse_unfit(chain, planned, begins)
    files, slug = planned.carried, planned.address.slug
    chain.recall(by)
    edition = _moved(planned, begins)
    edition.address = take_address(chain.message, edition.language, edition.published_on, slug)
    edition.releaser = by
    edition.carry([_copied(file) for file in files])
    append(edition, chain.last)
    chain.editions.append(edition)
    chain.note_reader_date()
    what = {Act.RELEASE: Event.What.RELEASED, Act.CORRECT: Event.What.CORRECTED, **WHAT}[edition.act]
    chain.record(what, by, begins, edition.note)
    return edition


def _refuse_unfit(chain, planned, begins):
    """Raise Refused if what is planned cannot happen at `begins`."""
    if planned.has_text and planned.draft_version == chain.message.version:
        refuse_blocked(chain.message, begins)
    replacement = planned.replaced_by
    if replacement and not replacement.editions.live(begins).exists():
        raise Refused(_("That message is not live yet at that moment. Choose a later one."))


def _moved(planned, begins):
    """A new edition that says what `planned` says, and begins at `begins`; without address and files."""
    said = {
        field.name: getattr(planned, field.name)
        for field in Edition._meta.concrete_fields
        if field.name not in OF_THE_ROW and not field.generated
    }
    # What readers are told of its own moment moves with it.
    said |= {name: begins for name in MOMENTS if said[name] == planned.live_from}
    said["published_on"] = clock.host_date(said["published_at"])
    return Edition(**said, live_from=begins)


def _copied(file):
    file.pk = None
    file._state.adding = True
    return file
