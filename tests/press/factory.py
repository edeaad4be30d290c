"""Plain helpers that make what the tests of the press office need."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User

from embassy import clock
from press.acts import Seen
from press.models import Exchange, Kind, Message, Signatory
from press.release import correct, release

numbers = count(1)


def make_officer(group="Officers", **fields):
    """A member of staff in a group of the office."""
    user = User.objects.create_user(f"officer{next(numbers)}", password="correct horse", is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_message(kind=Kind.PRESS_RELEASE, by=None, questions=(), signatories=(), **fields):
    """A working copy by `by` (or a new officer), with (question, answer) pairs and names of sides."""
    by = by or make_officer()
    now = clock.database_now()
    fields = {"title": f"A message {next(numbers)}", "body": "<p>Its text.</p>", "language": "en", **fields}
    message = Message.objects.create(kind=kind, author=by, changed_by=by, created_at=now, changed_at=now, **fields)
    for position, (question, answer) in enumerate(questions):
        Exchange.objects.create(message=message, position=position, question=question, answer=answer)
    for position, side in enumerate(signatories):
        Signatory.objects.create(message=message, position=position, on_behalf_of=side)
    return message


def make_live(at=None, **fields):
    """A message that was released at once (or is scheduled for `at`)."""
    message = make_message(**fields)
    release(message, Seen.of(message), message.author, at)
    return message


def change(message, **fields):
    """Save other content to a working copy, as an officer's form does."""
    message.refresh_from_db()
    for name, value in fields.items():
        setattr(message, name, value)
    message.version += 1
    message.save()
    return message


def make_correction(message, at=None, note="", **fields):
    """Change a live message and correct it."""
    change(message, **(fields or {"body": f"<p>Its text, corrected {next(numbers)}.</p>"}))
    return correct(message, Seen.of(message), message.author, at, note)


def chain(message, start):
    """The spans of a message's editions, as (number, act, from, until) in minutes after `start`."""

    def minutes(moment):
        return moment and (moment - start) / timedelta(minutes=1)

    editions = message.editions.order_by("number")
    return [(e.number, e.act, minutes(e.live_from), minutes(e.live_until)) for e in editions]
