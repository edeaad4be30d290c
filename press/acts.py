"""The chain of a message, locked for an act: what embassy.acts says of every document, for this one."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from embassy.acts import LockedChain, Refused, Seen
from press.content import content_sha256
from press.history import record
from press.models import Address, Event, Message

__all__ = ["Chain", "Refused", "Seen", "editions_with_text"]


@dataclass
class Chain(LockedChain):
    """The locked chain of a message at the moment of an act (`now`, by the database's clock)."""

    model = Message
    changed_sentence = _("This message has changed since you opened the page. Look at it again, then decide.")

    @property
    def message(self):
        """The message: the document of this chain."""
        return self.document

    @classmethod
    def lock(cls, document_id, seen):
        """As for every document. Raises Refused also for what lies in the bin, or has gone from there."""
        try:
            return super().lock(document_id, seen)
        except Message.DoesNotExist:
            raise Refused(_("This message has been moved to the bin. Take it out first.")) from None

    def content_sha256(self):
        return content_sha256(self.message)

    def record(self, what, by, effective_at=None, words=""):
        record(self.message, what, by, self.now, effective_at, words)

    def recall(self, by):
        """Let `by` take back the scheduled edition; an address that only it had goes with it. Raises Refused."""
        edition = self.take_back()
        Address.objects.filter(pk=edition.address_id, editions=None).delete()
        self.note_reader_date()
        self.record(Event.What.RECALLED, by, edition.live_from)

    def note_reader_date(self):
        """Keep the reader's date beside the working copy, for the office's lists."""
        self.message.published_on = self.last.published_on if self.last else None
        self.message.save(update_fields=["published_on"])


def editions_with_text(editions):
    """Those of `editions` that are no withdrawals."""
    return [edition for edition in editions if edition.has_text]
