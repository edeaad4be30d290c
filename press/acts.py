"""What every act on a message has in common: what the officer saw, the lock, the refusals."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.chain import RECALL_MARGIN, unlink
from press.history import record
from press.models import Address, Event, Message


class Refused(Exception):  # noqa: N818 — a refusal is an answer, not an error
    """An act that must not happen; the argument is a sentence for the officer."""


@dataclass(frozen=True)
class Seen:
    """What an officer saw when deciding: the working copy's version and the newest edition (0: none).

    An act on anything else is refused: somebody was faster, or the same button was pressed twice.
    """

    version: int
    edition_id: int

    @classmethod
    def of(cls, message):
        """What there is to see of `message` now."""
        newest = message.editions.order_by("-number").values_list("pk", flat=True).first()
        return cls(message.version, newest or 0)


@dataclass
class Chain:
    """The locked chain of a message at the moment of an act (`now`, by the database's clock)."""

    message: Message
    editions: list
    now: datetime

    @classmethod
    def lock(cls, message_id, seen):
        """Lock the message and read its chain. Raises Refused if it is not what the officer saw.

        Call it in a transaction. The moment is taken under the lock, so that acts on a message
        follow each other in time as they do in the chain.
        """
        message = Message.objects.select_for_update().get(pk=message_id)
        now = clock.database_now()
        if Seen.of(message) != seen:
            raise Refused(_("This message has changed since you opened the page. Look at it again, then decide."))
        return cls(message, list(message.editions.order_by("number")), now)

    @property
    def last(self):
        """The newest edition, scheduled or not; None if there is none."""
        return self.editions[-1] if self.editions else None

    @property
    def scheduled(self):
        """The edition that goes live later, or None."""
        return self.last if self.last and self.last.live_from > self.now else None

    @property
    def standing(self):
        """The edition that stands now, a withdrawal included, or None."""
        past = [edition for edition in self.editions if edition.live_from <= self.now]
        return past[-1] if past else None

    @property
    def live(self):
        """The edition that the public reads now, or None."""
        return self.standing if self.standing and self.standing.has_text else None

    def begins(self, at):
        """The moment an edition begins: `at`, a whole minute to come, or now. Raises Refused."""
        if at is None:
            return self.now
        if not clock.is_whole_minute(at):
            raise Refused(_("Choose a whole minute."))
        if at <= self.now:
            raise Refused(_("This moment has passed. Choose a later one, or release now."))
        return at

    def recall(self, by):
        """Let `by` take back the scheduled edition; an address that only it had goes with it. Raises Refused."""
        edition = self.scheduled
        if edition.live_from - self.now < RECALL_MARGIN:
            raise Refused(_("The scheduled edition goes live in a few seconds and can no longer be recalled."))
        unlink(edition)
        self.editions.pop()
        Address.objects.filter(pk=edition.address_id, editions=None).delete()
        self.note_reader_date()
        record(self.message, Event.What.RECALLED, by, self.now, edition.live_from)

    def note_reader_date(self):
        """Keep the reader's date beside the working copy, for the office's lists."""
        self.message.published_on = self.last.published_on if self.last else None
        self.message.save(update_fields=["published_on"])


def editions_with_text(editions):
    """Those of `editions` that are no withdrawals."""
    return [edition for edition in editions if edition.has_text]
