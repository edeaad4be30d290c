"""What an officer's index page shows of the consular section: what is to do there, and what has grown old."""

from dataclasses import dataclass

from django.conf import settings

from consular.freshness import stale_facts
from consular.models import BrokenGlass, ContactInfo, Document, Facts
from consular.state import states_of
from embassy import clock
from embassy.review import Stage

# From October on the closed days of the next year should be known.
AUTUMN = 10


@dataclass(frozen=True)
class Task:
    """One line: what is to do, where, and what is to know about it."""

    label: str
    document: Document
    words: str


def consular_desk(user, at):
    """What `user` needs to see at the aware moment `at`."""
    documents = _documents(at)
    waiting = [
        task
        for task, state in documents
        if state.stage == Stage.SUBMITTED and state.document.changed_by_id != user.pk and settings.FOUR_EYES
    ]
    return {
        "overdue": BrokenGlass.objects.filter(signed_off_at=None)
        .select_related("document__notice", "by")
        .order_by("at"),
        "waiting": waiting if user.has_perm("consular.approve_document") else [],
        "drafts": [task for task, state in documents if not state.is_released and task not in waiting],
        "scheduled": [task for task, state in documents if state.scheduled],
        "stale": stale_facts(at),
        "unconfirmed": list(_unconfirmed(clock.host_date(at))),
    }


def _documents(at):
    """The facts, if there are offices, and the notices that have not ended, each with its State."""
    found = [Facts.objects.current()] if ContactInfo.objects.exists() else []
    found += Document.objects.filter(notice__ends_at__gt=at).select_related("notice").order_by("-changed_at")[:20]
    return [(Task(_label(state.document), state.document, state.words), state) for state in states_of(found, at)]


def _label(document):
    return str(document.notice) if document.kind == Document.Kind.NOTICE else str(document)


def _unconfirmed(today):
    """(office, year) where nobody has gone through the closed days of a year that is here, or near."""
    years = [today.year] if today.month < AUTUMN else [today.year, today.year + 1]
    for office in ContactInfo.objects.filter(hours__isnull=False).distinct().prefetch_related("confirmed_years"):
        confirmed = {each.year for each in office.confirmed_years.all()}
        yield from ((office, year) for year in years if year not in confirmed)
