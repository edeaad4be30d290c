"""Where a consular document stands, in words: from its working copy, its editions and the clock, nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from consular.content import content_sha256
from consular.models import Approval, BrokenGlass, ConsularEdition, Document
from embassy.moments import in_host_city
from embassy.review import Stage


@dataclass(frozen=True)
class State:
    """What stands, what is scheduled, and how far the working copy's review is, at the aware moment `at`."""

    document: Document
    standing: ConsularEdition | None
    scheduled: ConsularEdition | None
    at: datetime
    approval: Approval | None
    broken_glass: BrokenGlass | None

    @property
    def live(self):
        """The edition that readers see now, or None; a notice's end is none's doing."""
        standing = self.standing
        if not standing or not standing.has_text or (standing.ends_at and standing.ends_at <= self.at):
            return None
        return standing

    @property
    def newest(self):
        """The edition with a text that was released last, if it is live or scheduled."""
        return self.scheduled if self.scheduled and self.scheduled.has_text else self.live

    @property
    def is_released(self):
        """Whether what the working copy says is live or scheduled."""
        return self.newest is not None and self.newest.draft_version == self.document.version

    @property
    def stage(self):
        """How far the review has come."""
        if self.is_released:
            return Stage.DONE
        if self.approval:
            return Stage.APPROVED
        submitted = self.document.submitted_version == self.document.version
        return Stage.SUBMITTED if submitted else Stage.WRITING

    @property
    def words(self):
        """The state in words, moments in the host city's time."""
        parts = [self._standing_words(), self._scheduled_words(), self._draft_words()]
        if self.broken_glass:
            parts.append(_("to be signed off"))
        return "; ".join(part for part in parts if part)

    def _standing_words(self):
        if self.live:
            return _("Live since %s") % in_host_city(self.live.live_from)
        if self.standing is None:
            return "" if self.scheduled else _("Draft")
        ended = self.standing.ends_at if self.standing.has_text else self.standing.live_from
        return _("Ended on %s") % in_host_city(ended)

    def _scheduled_words(self):
        return self.scheduled and _("Scheduled for %s") % in_host_city(self.scheduled.live_from)

    def _draft_words(self):
        # A notice that has ended says what it said: nothing is to do.
        if self.is_released or (self.standing and self.standing.draft_version == self.document.version):
            return ""
        if self.stage == Stage.APPROVED:
            approver = self.approval.approver
            return _("approved by %s") % (approver.get_full_name() or approver.get_username())
        if self.stage == Stage.SUBMITTED:
            return _("waits for approval")
        return _("newer draft") if self.newest else ""


def state_of(document, at):
    """The State of one document at the aware moment `at`."""
    return states_of([document], at)[0]


def states_of(documents, at):
    """The States of `documents` at the aware moment `at`, in their order: the same queries for one and for many."""
    editions = ConsularEdition.objects.filter(Q(live_until=None) | Q(live_until__gt=at), document__in=documents)
    standing, scheduled = {}, {}
    for edition in editions.order_by("number"):
        (standing if edition.live_from <= at else scheduled)[edition.document_id] = edition
    approvals = Approval.objects.filter(document__in=documents, version=F("document__version"))
    approvals = {approval.document_id: approval for approval in approvals.select_related("approver")}
    unsigned = BrokenGlass.objects.filter(document__in=documents, signed_off_at=None).select_related("by")
    glass = {broken.document_id: broken for broken in unsigned.order_by("-at", "-pk")}
    return [
        State(
            document,
            standing.get(document.pk),
            scheduled.get(document.pk),
            at,
            _valid(approvals.get(document.pk), document),
            glass.get(document.pk),
        )
        for document in documents
    ]


def _valid(approval, document):
    """The approval, if it is of exactly what the document says."""
    return approval if approval and approval.content_sha256 == content_sha256(document) else None
