"""Plain helpers that make what the tests of the press office need."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User
from django.db import connection

from embassy import clock
from press.acts import Seen
from press.models import Edition, Exchange, Kind, Message, MessageTopic, Signatory, Topic
from press.release import correct, release
from press.versions import keep

numbers = count(1)
# Rows like those of one message, with numbers that no sequence reaches; generated columns are left to the database.
# Without the guards, which would look at every row, and with statistics, without which the foreign keys would be
# checked by reading tables that are believed to be empty.
COPIES = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE press_edition DISABLE TRIGGER USER;
INSERT INTO press_message SELECT (jsonb_populate_record(m, jsonb_build_object('id', 1000000 + n))).*
    FROM press_message m, generate_series(1, %(number)s) n WHERE m.id = %(id)s;
INSERT INTO press_address SELECT (jsonb_populate_record(a, jsonb_build_object(
        'id', 1000000 + n, 'message_id', 1000000 + n, 'slug', a.slug || n))).*
    FROM press_address a, generate_series(1, %(number)s) n WHERE a.message_id = %(id)s;
INSERT INTO press_edition ({columns}) SELECT {columns}
    FROM (SELECT (jsonb_populate_record(e, jsonb_build_object(
        'id', 1000000 + n, 'message_id', 1000000 + n, 'address_id', 1000000 + n,
        'published_at', e.published_at - n * %(hours)s * interval '1 hour',
        'published_on', e.published_on - n * %(hours)s / 24))).*
    FROM press_edition e, generate_series(1, %(number)s) n WHERE e.message_id = %(id)s) copies;
INSERT INTO press_editiontopic (edition_id, topic_id, language, published_at, message_id, live_from, live_until)
    SELECT c.id, t.topic_id, c.language, c.published_at, c.message_id, c.live_from, c.live_until
    FROM press_edition c, press_editiontopic t WHERE c.id > 1000000 AND t.message_id = %(id)s;
ANALYZE press_message, press_address, press_edition, press_editiontopic;
ALTER TABLE press_edition ENABLE TRIGGER USER;
SET CONSTRAINTS ALL DEFERRED;
"""


def make_officer(group="Officers", **fields):
    """A member of staff in a group of the office."""
    user = User.objects.create_user(f"officer{next(numbers)}", password="correct horse", is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_topic(slug, name_en, name_ru, **fields):
    """A topic."""
    return Topic.objects.create(slug=slug, name_en=name_en, name_ru=name_ru, **fields)


def make_message(kind=Kind.PRESS_RELEASE, by=None, questions=(), signatories=(), topics=(), **fields):
    """A working copy by `by` (or a new officer), with (question, answer) pairs, names of sides, and topics."""
    by = by or make_officer()
    now = clock.database_now()
    fields = {"title": f"A message {next(numbers)}", "body": "<p>Its text.</p>", "language": "en", **fields}
    message = Message.objects.create(kind=kind, author=by, changed_by=by, created_at=now, changed_at=now, **fields)
    for position, (question, answer) in enumerate(questions):
        Exchange.objects.create(message=message, position=position, question=question, answer=answer)
    for position, side in enumerate(signatories):
        Signatory.objects.create(message=message, position=position, on_behalf_of=side)
    MessageTopic.objects.bulk_create(MessageTopic(message=message, topic=topic) for topic in topics)
    keep(message)
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
    keep(message)
    return message


def make_correction(message, at=None, note="", **fields):
    """Change a live message and correct it."""
    change(message, **(fields or {"body": f"<p>Its text, corrected {next(numbers)}.</p>"}))
    return correct(message, Seen.of(message), message.author, at, note)


def make_copies(message, number, hours_apart=0):
    """Store `number` more messages, each with one edition like that of the live `message`, in one go."""
    columns = ", ".join(f'"{field.column}"' for field in Edition._meta.concrete_fields if not field.generated)
    with connection.cursor() as cursor:
        # The limit is for requests, and a busy machine needs longer for so many rows.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(COPIES.format(columns=columns), {"id": message.pk, "number": number, "hours": hours_apart})
        cursor.execute("SET LOCAL statement_timeout = '15s'")


def chain(message, start):
    """The spans of a message's editions, as (number, act, from, until) in minutes after `start`."""

    def minutes(moment):
        return moment and (moment - start) / timedelta(minutes=1)

    editions = message.editions.order_by("number")
    return [(e.number, e.act, minutes(e.live_from), minutes(e.live_until)) for e in editions]
