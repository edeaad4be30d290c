"""Texts that were typed and not saved: kept beside the working copy, offered to who typed them, gone when saved.

Nothing here changes a message, its versions or its history. What nobody came back for is gone after
30 days, by the clock; rows past that go with the next text that is saved (docs/decisions/autosave.md).
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from embassy import clock
from press.content import as_data, content_of
from press.difference import differences
from press.models import Unsaved
from press.posted import as_querydict, content_of_form

KEPT = timedelta(days=30)
# What belongs to the page and not to the text.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "unsaved_turn"})
HIGHEST_TURN = 2**31 - 1


def token_of(text):
    """The token that a request names, or None."""
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None


@transaction.atomic
def keep(officer, kind, message, fields, turn):
    """Keep the posted `fields` of a form of `kind` for `officer`; `message` is None for a new one.

    Returns the row, which holds them if `turn` was a later one than what it held, and it was not closed.
    """
    token, now = token_of(fields.get("unsaved_token")) or uuid4(), clock.database_now()
    Unsaved.objects.get_or_create(officer=officer, token=token, defaults={"kind": kind, "message": message, "at": now})
    row = Unsaved.objects.select_for_update().get(officer=officer, token=token)
    if row.is_closed or turn <= row.turn or (row.kind, row.message_id) != (kind, message and message.pk):
        return row
    row.fields = [[name, _storable(value)] for name, value in _pairs(fields) if name not in NOT_KEPT]
    row.opened_version = _number(fields.get("opened_version"))
    row.turn, row.at = min(turn, HIGHEST_TURN), now
    row.save()
    return row


def keep_last(officer, kind, message, fields):
    """Keep `fields` that came with a button, after everything the script had sent. Returns the row."""
    token = token_of(fields.get("unsaved_token"))
    before = Unsaved.objects.filter(officer=officer, token=token, is_closed=False).first()
    if before is None:
        # Closed already, or never heard of: a row of its own, so that nothing typed is lost.
        fields = fields.copy()
        fields["unsaved_token"] = str(uuid4())
    return keep(officer, kind, message, fields, (before.turn if before else 0) + 1)


def rewrite(row, fields):
    """Let `row` hold other `fields`: what an officer has put together. The form that sent the old ones is no more."""
    row.fields = [[name, _storable(value)] for name, value in _pairs(fields) if name not in NOT_KEPT]
    row.opened_version = _number(fields.get("opened_version"))
    row.turn += 1
    row.at = clock.database_now()
    row.save()


def close(officer, kind, text):
    """The text of the form whose token is `text` has been saved or dropped: forget it, and what is past its time."""
    now = clock.database_now()
    token = token_of(text)
    if token:
        # A row also for a form that never sent anything: what is still under way must find it closed.
        closed = {"is_closed": True, "fields": [], "at": now}
        Unsaved.objects.update_or_create(
            officer=officer, token=token, defaults=closed, create_defaults={"kind": kind, **closed}
        )
    Unsaved.objects.filter(at__lte=now - KEPT).delete()


def find(officer, kind, message, text, at):
    """The officer's own unsaved text whose token is `text`, of this form, or None."""
    return _open(officer, kind, message, at).filter(token=token_of(text)).first() if token_of(text) else None


def offers(officer, kind, message, at):
    """The officer's own unsaved texts of this form that say something else than what is saved, newest first.

    Each has its `differences`.
    """
    rows = list(_open(officer, kind, message, at))
    saved = as_data(content_of(message)) if message and rows else None
    found = []
    for row in rows:
        typed = content_of_form(as_querydict(row.fields), kind)
        row.differences = differences(saved or _nothing(typed), typed)
        if row.differences:
            found.append(row)
    return found


def _open(officer, kind, message, at):
    return Unsaved.objects.filter(
        officer=officer, kind=kind, message=message, is_closed=False, turn__gt=0, at__gt=at - KEPT
    )


def _nothing(content):
    """What a new message says: its language is nobody's typing."""
    empty = {name: [] if isinstance(value, list) else "" for name, value in content.items()}
    return {**empty, **{name: content[name] for name in ("kind", "language") if name in content}}


def _pairs(fields):
    return ((name, value) for name, values in fields.lists() for value in values)


def _storable(text):
    """Without what PostgreSQL cannot hold in JSON."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _number(text):
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
