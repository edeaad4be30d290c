"""What every act on a document has in common: what the officer saw, the lock, the chain, the refusals.

A document is a row with a `version`, that grows with every change of what it says, and with
`editions` in a chain (embassy.chain). Each application says in a subclass of LockedChain which
model its documents are, what they say, and where its history is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.chain import RECALL_MARGIN, unlink


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
    def of(cls, document):
        """What there is to see of `document` now."""
        newest = document.editions.order_by("-number").values_list("pk", flat=True).first()
        return cls(document.version, newest or 0)


@dataclass
class LockedChain:
    """The locked chain of a document at the moment of an act (`now`, by the database's clock)."""

    document: models.Model
    editions: list
    now: datetime

    model: ClassVar[type]
    changed_sentence: ClassVar[str] = _("This has changed since you opened the page. Look at it again, then decide.")

    @classmethod
    def lock(cls, document_id, seen):
        """Lock the document and read its chain. Raises Refused if it is not what the officer saw.

        Call it in a transaction. The moment is taken under the lock, so that acts on a document
        follow each other in time as they do in the chain.
        """
        document = cls.model.objects.select_for_update().get(pk=document_id)
        now = clock.database_now()
        if Seen.of(document) != seen:
            raise Refused(cls.changed_sentence)
        return cls(document, list(document.editions.order_by("number")), now)

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

    def take_back(self):
        """Take the scheduled edition out of the chain, and return it. Raises Refused: it goes live within seconds."""
        edition = self.scheduled
        if edition.live_from - self.now < RECALL_MARGIN:
            raise Refused(_("The scheduled edition goes live in a few seconds and can no longer be recalled."))
        unlink(edition)
        self.editions.pop()
        return edition

    def content_sha256(self):
        """The SHA-256 of what the document says: what an approval is bound to."""
        raise NotImplementedError

    def record(self, what, by, effective_at=None, words=""):
        """Add to the history that `by` did `what` (a value of embassy.review.Step, or one of the application's)."""
        raise NotImplementedError
