"""Where a message stands, in words: from its working copy, its editions and the clock, nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from embassy.chain import Act
from embassy.moments import in_host_city
from embassy.review import Stage
from press.models import Approval, BrokenGlass, Edition
from press.models.edition import LONG_COLUMNS


@dataclass(frozen=True)
class State:
    """What stands, what is scheduled, and the version of the working copy, at the aware moment `at`."""

    version: int
    standing: Edition | None
    scheduled: Edition | None
    at: datetime
    approval: Approval | None = None
    is_submitted: bool = False
    broken_glass: BrokenGlass | None = None

    @property
    def stage(self):
        """How far the review has come."""
        if self.approval:
            return Stage.APPROVED
        if self.is_released:
            return Stage.DONE
        return Stage.SUBMITTED if self.is_submitted else Stage.WRITING

    @property
    def is_released(self):
        """Whether what the working copy says is live or scheduled."""
        editions = [edition for edition in (self.standing, self.scheduled) if edition and edition.has_text]
        return any(edition.draft_version == self.version for edition in editions)

    @property
    def live(self):
        """The edition that readers see now, or None."""
        return self.standing if self.standing and self.standing.has_text else None

    @property
    def is_draft(self):
        """Whether nothing is released and nothing scheduled."""
        return self.standing is None and self.scheduled is None

    @property
    def has_newer_draft(self):
        """Whether the working copy has changed since the last edition with a text was made of it."""
        newest = self.scheduled if self.scheduled and self.scheduled.has_text else self.live
        return newest is not None and newest.draft_version < self.version

    @property
    def is_correctable(self):
        """Whether there is a live text and another one to put in its place."""
        return self.live is not None and self.live.draft_version < self.version

    @property
    def is_featurable(self):
        """Whether readers see it, or will."""
        return self.live is not None or (self.scheduled is not None and self.scheduled.has_text)

    @property
    def words(self):
        """The state in words, moments in the host city's time."""
        stands = [words for words in (self._standing_words(), self._scheduled_words()) if words] or [_("Draft")]
        newer = _("newer draft") if self.has_newer_draft else ""
        signing_off = _("to be signed off") if self.broken_glass else ""
        return "; ".join([*stands, *filter(None, (newer, self._review_words(), signing_off))])

    def _review_words(self):
        if self.is_released:
            return ""
        if self.stage == Stage.APPROVED:
            approver = self.approval.approver
            return _("approved by %s") % (approver.get_full_name() or approver.get_username())
        return _("waits for approval") if self.stage == Stage.SUBMITTED else ""

    def _standing_words(self):
        if self.standing is None:
            return ""
        since = in_host_city(self.standing.live_from)
        if self.standing.act == Act.RETRACT:
            return _("Published in error, taken off on %s") % since
        if self.standing.act == Act.REPLACE:
            return _("Replaced on %s") % since
        if self.standing.act == Act.WITHDRAW:
            return _("Withdrawn on %s") % since
        if self.standing.act == Act.CORRECT:
            return _("Live, corrected on %s") % since
        return _("Live since %s") % since

    def _scheduled_words(self):
        if self.scheduled is None:
            return ""
        begins = in_host_city(self.scheduled.live_from)
        if self.standing is None:
            return _("Scheduled for %s") % begins
        if self.scheduled.act == Act.CORRECT:
            return _("correction scheduled for %s") % begins
        if self.scheduled.has_text:
            return _("release scheduled for %s") % begins
        return _("withdrawal scheduled for %s") % begins


def state_of(message, at):
    """The state of one message at the aware moment `at`: one query."""
    return states_of([message], at)[message.pk]


def states_of(messages, at):
    """The states of `messages` at the aware moment `at`, by their keys: three queries for all."""
    editions = Edition.objects.filter(Q(live_until=None) | Q(live_until__gt=at), message__in=messages)
    standing, scheduled = {}, {}
    for edition in editions.select_related("address").defer(*LONG_COLUMNS).order_by("number"):
        (standing if edition.live_from <= at else scheduled)[edition.message_id] = edition
    approvals = Approval.objects.filter(message__in=messages, version=F("message__version")).select_related("approver")
    approvals = {approval.message_id: approval for approval in approvals}
    unsigned = BrokenGlass.objects.filter(message__in=messages, signed_off_at=None).order_by("-at", "-pk")
    glass = {broken.message_id: broken for broken in unsigned}
    return {
        message.pk: State(
            message.version,
            standing.get(message.pk),
            scheduled.get(message.pk),
            at,
            approvals.get(message.pk),
            message.submitted_version == message.version,
            glass.get(message.pk),
        )
        for message in messages
    }
