"""Release and correct: make an edition with text from the working copy."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.chain import Act, append
from press import paragraphs, richtext
from press.acts import Chain, Refused, editions_with_text
from press.carrying import files_of, make_ready
from press.checklist import refuse_blocked
from press.history import record
from press.models import Address, Edition, Event, Kind
from press.plain_text import one_line
from press.review import voucher_for
from press.slugs import numbered, slug_of
from press.teaser import teaser_of


@transaction.atomic
def release(message, seen, by, at=None, without_approval=""):
    """Make the first edition, or the first after a withdrawal, from the working copy of `message`.

    It goes live now or at the aware moment `at` (a whole minute to come); an edition scheduled
    before is recalled. `seen` is what the officer `by` decided on (press.acts.Seen). Now is later
    by the office's grace period (settings.GRACE_MINUTES), in which it can be recalled. Returns the
    edition. Raises Refused: the message has changed, is live already, the moment has passed,
    the checklist holds it up, or nobody approved the text and there is no reason to go
    `without_approval`.
    """
    chain = Chain.lock(message.pk, seen)
    if chain.live:
        raise Refused(_("This message is live. Correct it instead."))
    return _issue(chain, Act.RELEASE, by, at or after_grace(chain.now), without_approval)


@transaction.atomic
def correct(message, seen, by, at=None, note="", without_approval=""):
    """Make a later edition of the live `message` from its working copy, now or at `at` (see `release`).

    With a `note` readers are told and "updated" moves; without one the correction is minor. There
    is no grace period. Returns the edition. Raises Refused, also where nothing has changed.
    """
    chain = Chain.lock(message.pk, seen)
    if not chain.live:
        raise Refused(_("This message is not live, so there is nothing to correct."))
    if chain.live.draft_version == chain.message.version:
        raise Refused(_("The text is the one that is live. Change it first, then correct."))
    return _issue(chain, Act.CORRECT, by, at, without_approval, one_line(note))


def after_grace(now):
    """The whole minute at which what is released `now` goes live; None (at once) without a grace period."""
    if not settings.GRACE_MINUTES:
        return None
    return clock.whole_minute_from(now + timedelta(minutes=settings.GRACE_MINUTES))


def _issue(chain, act, by, at, without_approval, note=""):
    begins = chain.begins(at)
    refuse_blocked(chain.message, begins)
    approver = voucher_for(chain, by, without_approval)
    if chain.scheduled:
        chain.recall(by)
    make_ready(chain.message)
    edition = compose(chain.message, chain.editions, act, begins, note)
    if not edition.title:
        raise Refused(_("Give the message a title that can be read."))
    edition.approver, edition.releaser = approver, by
    append(edition, chain.last)
    chain.editions.append(edition)
    chain.note_reader_date()
    what = Event.What.RELEASED if act == Act.RELEASE else Event.What.CORRECTED
    record(chain.message, what, by, chain.now, begins, note)
    return edition


def compose(message, earlier, act, begins, note="", published_at=None):
    """An edition of the working copy, complete but for who releases it, its address taken.

    `earlier` are the editions of the message so far, oldest first; `begins` is when it goes live;
    the reader's moment is the first release's, or `published_at`, or `begins`.
    """
    edition = compose_text(message, *parts_of(message), earlier, act, begins, note, published_at)
    edition.address = _address(message, earlier, edition.published_on)
    edition.carry(files_of(message))
    return edition


def compose_text(message, exchanges, signatories, topics, earlier, act, begins, note="", published_at=None):
    """What `compose` makes, without an address, without files and without a query.

    `exchanges` and `signatories` are the message's own, in order: dicts of question and answer, and
    of on_behalf_of, name and office; `topics` are slugs.
    """
    first = earlier[0] if earlier else None
    published_at = first.published_at if first else published_at or begins
    published_on = first.published_on if first else clock.host_date(published_at)
    return Edition(
        message=message,
        number=len(earlier) + 1,
        act=act,
        language=message.language,
        kind=message.kind,
        published_at=published_at,
        published_on=published_on,
        updated_at=begins if note else earlier[-1].updated_at if earlier else published_at,
        live_from=begins,
        note=note,
        author=message.changed_by,
        draft_version=message.version,
        **_text(message, exchanges, signatories, topics, earlier),
    )


def parts_of(message):
    """The exchanges and the signatories of a message, each for its kind only, and the slugs of its topics."""
    exchanges, signatories = [], []
    if message.kind == Kind.Q_AND_A:
        exchanges = list(message.exchanges.values("question", "answer"))
    if message.kind == Kind.STATEMENT:
        signatories = list(message.signatories.values("on_behalf_of", "name", "office"))
    return exchanges, signatories, list(message.topics.values_list("topic__slug", flat=True))


def _text(message, exchanges, signatories, topics, earlier):
    """The columns that hold what the working copy says, with ids on its paragraphs."""
    exchanges = [
        {"question": richtext.clean_inline(exchange["question"]), "answer": richtext.clean_answer(exchange["answer"])}
        for exchange in exchanges
    ]
    signatories = [{name: one_line(text) for name, text in signatory.items()} for signatory in signatories]
    title, body = one_line(message.title), richtext.clean(message.body)
    texts = [(edition.body, edition.exchanges) for edition in editions_with_text(earlier)]
    questions = [exchange["question"] for exchange in exchanges]
    teaser = teaser_of(title, message.teaser, body, questions, message.kind)
    body, exchanges = paragraphs.number_text(body, exchanges, texts)
    signed = message.kind == Kind.STATEMENT
    return {
        "title": title,
        "teaser": teaser,
        "body": body,
        "details": {"exchanges": exchanges, "signatories": signatories, "topics": sorted(topics)},
        "signed_in": one_line(message.signed_in) if signed else "",
        "signed_on": message.signed_on if signed else None,
    }


def _address(message, earlier, date):
    """The address the edition gets: the officer's, else the one the message has, else the title's."""
    kept = kept_address(message, earlier)
    return kept or take_address(message, message.language, date, wanted_slug(message))


def take_address(message, language, date, wanted):
    """The address of `message` in `language` on `date` with the slug `wanted`, or with a number where it is taken."""
    addresses = (
        Address.objects.get_or_create(language=language, date=date, slug=slug, defaults={"message": message})[0]
        for slug in numbered(wanted)
    )
    return next(address for address in addresses if address.message_id == message.pk)


def kept_address(message, earlier):
    """The address of the last of the `earlier` editions, if the next one keeps it; else None."""
    last = earlier[-1].address if earlier else None
    return last if last and last.language == message.language and message.slug in {"", last.slug} else None


def wanted_slug(message):
    """The slug a new address of `message` gets, unless it is taken: the officer's, else the title's."""
    return message.slug or slug_of(message.title, message.kind)
