"""Change what a working copy carries: pictures and files, their order, their words. Every change is a version."""

from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from embassy import clock
from press.acts import Refused
from press.content import content_of
from press.history import record
from press.models import Attachment, Event, Message, Photo, StoredFile
from press.versions import grown

TITLE_LENGTH = Attachment._meta.get_field("title").max_length


@transaction.atomic
def rewrite(message, version, by, change):
    """Let `change(message)` write to the parts of the stored `message`: a new version, if it then says something else.

    `version` is the one that the user `by` had before his eyes. Returns whether anything changed.
    Raises Refused: somebody has changed the message since.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.version != version:
        raise Refused(_("This message has changed since you opened the page. Look at it again, then decide."))
    before = content_of(message)
    change(message)
    if content_of(message) == before:
        return False
    grown(message, by, clock.database_now())
    record(message, Event.What.CHANGED, by, message.changed_at)
    return True


def add(message, hashes):
    """Add stored files to `message`, each once, in the order of their `hashes`; the first picture is the lead."""
    # Locked, so that nobody removes one from the library in the meantime.
    found = StoredFile.objects.select_for_update(no_key=True).in_bulk(hashes)
    for sha256 in dict.fromkeys(hashes):
        file = found.get(sha256)
        if file is None:
            continue
        rows = message.photos if file.is_picture else message.attachments
        if rows.filter(file=file).exists():
            continue
        position = rows.count()
        if file.is_picture:
            is_lead = not message.photos.filter(is_lead=True).exists() and position == 0
            Photo.objects.create(message=message, file=file, position=position, is_lead=is_lead)
        else:
            title = PurePosixPath(file.name).stem[:TITLE_LENGTH]
            rows.create(file=file, position=position, title=title, language=message.language)


def lead(message, photo_id):
    """Let the picture `photo_id` stand above the text, or (None) none."""
    message.photos.filter(is_lead=True).exclude(pk=photo_id).update(is_lead=False)
    message.photos.filter(pk=photo_id).update(is_lead=True)


def put_in_order(rows, keys):
    """Let the parts `rows` (a related manager) stand in the order of `keys`; those not named stay behind them."""
    places = {key: place for place, key in enumerate(keys)}
    ordered = sorted(rows.all(), key=lambda row: places.get(row.pk, len(places)))
    for position, row in enumerate(ordered):
        rows.filter(pk=row.pk).exclude(position=position).update(position=position)


def move(rows, key, by):
    """Let the part `key` change places with its neighbour: `by` is -1 or 1."""
    keys = [row.pk for row in rows.all()]
    if key in keys:
        place = keys.index(key)
        other = min(max(place + by, 0), len(keys) - 1)
        keys[place], keys[other] = keys[other], keys[place]
        put_in_order(rows, keys)


def remove(rows, key):
    """Take a part off the message; its file stays in the library."""
    for row in rows.filter(pk=key):
        rows.filter(position__gt=row.position).update(position=F("position") - 1)
        row.delete()
