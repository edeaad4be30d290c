"""What is done with consular documents: submit, approve, release, recall, end. Each act is one transaction.

The rule of four eyes is embassy.review's, the chain embassy.chain's, as for messages. What differs:
the consular facts are one document that is never withdrawn, and a notice ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.content import content_of, content_sha256, header_of, without_past
from consular.freshness import confirm_new
from consular.models import BrokenGlass, ConsularEdition, Document, Event, Facts
from embassy import clock, mail, review
from embassy.acts import LockedChain, Refused, Seen
from embassy.chain import Act, append
from embassy.officers import addresses_with


@dataclass
class Chain(LockedChain):
    """The locked chain of a consular document at the moment of an act."""

    model = Document

    def content_sha256(self):
        return content_sha256(self.document)

    def record(self, what, by, effective_at=None, words=""):
        record(self.document, what, by, self.now, effective_at, words)

    def recall(self, by):
        """Let `by` take back the scheduled edition. Raises Refused."""
        self.record(Event.What.RECALLED, by, self.take_back().live_from)


def record(document, what, by, at, effective_at=None, words=""):
    """Add to the history: `what` (Event.What) `by` did at the aware moment `at`, for readers from `effective_at`."""
    return document.events.create(
        what=what, by=by, at=at, version=document.version, effective_at=effective_at, words=words
    )


@transaction.atomic
def submit(document, seen, by):
    """Ask for the approval of what `document` says. Raises Refused: changed, or submitted or approved already."""
    review.submit(Chain.lock(document.pk, seen), by)


@transaction.atomic
def send_back(document, seen, by, remark):
    """Return a submitted `document` to its author, with a `remark`. Raises Refused."""
    if not remark.strip():
        raise Refused(_("Say what should change."))
    review.send_back(Chain.lock(document.pk, seen), by, remark.strip())


@transaction.atomic
def approve(document, seen, by):
    """Vouch for what `document` says; returns the Approval. Raises Refused: not by who last changed it."""
    return review.approve(Chain.lock(document.pk, seen), by)


@transaction.atomic
def sign_off(glass, by):
    """Take responsibility, afterwards, for a release without approval. Raises Refused."""
    glass = BrokenGlass.objects.select_for_update().select_related("document").get(pk=glass.pk)
    review.sign_off(glass, by)
    record(glass.document, Event.What.SIGNED_OFF, by, glass.signed_off_at)
    return glass


@transaction.atomic
def release(document, seen, by, at=None, without_approval=""):
    """Make an edition of what `document` says, live now or at the aware moment `at` (a whole minute to come).

    What is scheduled is recalled. `seen` is what the officer `by` decided on (embassy.acts.Seen).
    Returns the edition. Raises Refused: changed meanwhile, nothing new, the moment has passed, a
    notice that would have ended by then, or nobody approved it and there is no reason to go
    `without_approval`.
    """
    chain = Chain.lock(document.pk, seen)
    begins = chain.begins(at)
    _check_end(chain.document, begins)
    if chain.live and chain.live.draft_version == chain.document.version and not chain.scheduled:
        raise Refused(_("Readers see this already. Change it first, then release."))
    approver, glass = review.voucher_for(chain, by, without_approval)
    if glass:
        transaction.on_commit(lambda: _tell_approvers(chain.document, glass))
    return _issue(chain, begins, by, approver)


@transaction.atomic
def release_as_operator():
    """Release the consular facts as the tables have them, in nobody's name, if nothing was ever released of them.

    An operator's act, as imports are: the demo needs it, and the upgrade that brought editions. Once
    there is an edition only officers release. Returns the edition, or None.
    """
    facts = Facts.objects.current()
    chain = Chain.lock(facts.pk, Seen.of(facts))
    return None if chain.last else _issue(chain, chain.now, None, None)


@transaction.atomic
def recall(document, seen, by):
    """Let `by` take back what is scheduled of `document`. Raises Refused: nothing is, or it is too late."""
    chain = Chain.lock(document.pk, seen)
    if not chain.scheduled:
        raise Refused(_("Nothing is scheduled, so there is nothing to recall."))
    chain.recall(by)


@transaction.atomic
def end(notice, seen, by):
    """Take a live `notice` off every page now, before it ends by itself. Raises Refused: it is not live."""
    chain = Chain.lock(notice.pk, seen)
    if not chain.live or chain.live.ends_at is None or chain.live.ends_at <= chain.now:
        raise Refused(_("This is not live, so there is nothing to end."))
    if chain.scheduled:
        chain.recall(by)
    edition = _next(chain, Act.WITHDRAW, chain.now, by)
    append(edition, chain.last)
    chain.record(Event.What.ENDED, by, chain.now)
    return edition


def _check_end(document, begins):
    if document.kind == Document.Kind.NOTICE and document.notice.ends_at <= begins:
        raise Refused(_("This notice would have ended by then. Give it a later end."))


def _issue(chain, begins, by, approver):
    if chain.scheduled:
        chain.recall(by)
    act = Act.CORRECT if chain.last and chain.last.has_text else Act.RELEASE
    edition = _next(chain, act, begins, by)
    edition.approver = approver
    content = content_of(chain.document)
    if chain.document.kind == Document.Kind.FACTS:
        edition.content = without_past(content, clock.host_date(begins))
        edition.header = header_of(edition.content)
        confirm_new(edition.content, by, clock.host_date(chain.now))
    else:
        edition.content = edition.header = content
        edition.ends_at = datetime.fromisoformat(content["ends_at"])
    append(edition, chain.last)
    chain.record(Event.What.RELEASED, by, begins)
    return edition


def _next(chain, act, begins, by):
    """The edition after the last one, complete but for what it says."""
    document = chain.document
    return ConsularEdition(
        document=document,
        kind=document.kind,
        number=chain.last.number + 1 if chain.last else 1,
        act=act,
        live_from=begins,
        author_id=document.changed_by_id,
        releaser=by,
        draft_version=document.version,
    )


def _tell_approvers(document, glass):
    """Mail those who may sign it off; a mail that fails is logged and holds nobody up."""
    to = addresses_with("consular.approve_document", besides=glass.by)
    if to:
        context = {"document": document, "glass": glass, "site_url": settings.SITE_URL}
        subject = gettext("Released without approval: %s") % document
        text = render_to_string("admin/consular/broken_glass.txt", context)
        mail.send(EmailMessage(subject, text, to=[settings.DEFAULT_FROM_EMAIL], bcc=to))
