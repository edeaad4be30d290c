"""What a working copy says: the part of it that readers will see.

Approvals are bound to it, versions keep it, differences and autosave read it. It is plain data (what
JSON holds), so that what was kept years ago compares with what is said today. A new part of a message
is one line in PARTS, or a pair of functions there if its rows are not just their own columns.
"""

import hashlib
import json
from dataclasses import dataclass

from press.models import Attachment, Exchange, Message, MessageTopic, Photo, Signatory

FIELDS = ("kind", "language", "title", "slug", "teaser", "body", "signed_in", "signed_on")
PHOTO = ("file", "is_lead", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y")
ATTACHMENT = ("file", "title", "language", "note")


@dataclass(frozen=True)
class Part:
    """Rows that belong to a message: their name in the content, their model, and the columns that readers see."""

    name: str
    model: type
    fields: tuple

    @property
    def label(self):
        """What a row is called."""
        return self.model._meta.verbose_name

    def label_of(self, field):
        """What a column is called."""
        return self.model._meta.get_field(field).verbose_name

    def read(self, message):
        """The rows of `message`, in order, as dicts."""
        return list(getattr(message, self.name).values(*self.fields))

    def write(self, message, rows):
        """Put `rows` in the place of those that `message` has."""
        getattr(message, self.name).all().delete()
        for position, row in enumerate(rows):
            columns = {field: self.model._meta.get_field(field).attname for field in self.fields}
            kept = {columns[field]: row[field] for field in self.fields if field in row}
            self.model.objects.create(message_id=message.pk, position=position, **kept)


@dataclass(frozen=True)
class Chosen(Part):
    """Rows that only say what was chosen from a list: one column, and no order of their own."""

    @property
    def field(self):
        """The column: the key of what was chosen."""
        return self.fields[0]

    def rows(self, keys):
        """The rows that say that `keys` were chosen."""
        return [{self.field: key} for key in sorted(set(keys))]

    def read(self, message):
        """The rows of `message`; the list's own order is none of the message's business."""
        return self.rows(getattr(message, self.name).values_list(self.field, flat=True))

    def write(self, message, rows):
        """Let `message` have chosen what `rows` say, and the list still has."""
        listed = self.model._meta.get_field(self.field).related_model.objects
        wanted = listed.filter(pk__in=[row[self.field] for row in rows])
        chosen = getattr(message, self.name)
        chosen.exclude(**{f"{self.field}__in": wanted}).delete()
        missing = wanted.exclude(pk__in=chosen.values(self.field)).values_list("pk", flat=True)
        column = self.model._meta.get_field(self.field).attname
        self.model.objects.bulk_create(self.model(message_id=message.pk, **{column: key}) for key in missing)

    def of_edition(self, details):
        """The rows of an edition, whose `details` name what was chosen."""
        return [{self.field: name} for name in details.get(self.name, [])]


TOPICS = Chosen("topics", MessageTopic, ("topic",))
PARTS = (
    Part("exchanges", Exchange, ("question", "answer")),
    Part("signatories", Signatory, ("on_behalf_of", "name", "office")),
    Part("photos", Photo, PHOTO),
    Part("attachments", Attachment, ATTACHMENT),
    TOPICS,
)


def content_of(message):
    """The content of a stored `message`, to be compared with that of another moment."""
    return {
        **{name: getattr(message, name) for name in FIELDS},
        **{part.name: part.read(message) for part in PARTS},
    }


def content_of_edition(edition):
    """The content of an edition, to be compared with another edition's: what readers read, and nothing else."""
    content = {name: getattr(edition, name) for name in ("title", "teaser", "body", "signed_in", "signed_on")}
    content[TOPICS.name] = TOPICS.of_edition(edition.details)
    for part in PARTS:
        if part.name in edition.details and part is not TOPICS:
            rows = edition.details[part.name]
            content[part.name] = [{field: row.get(field) for field in part.fields} for row in rows]
    return content


def write_content(message, content):
    """Let `message` say what `content` says, but for what it lacks; the message itself is saved by the caller."""
    for name in FIELDS:
        if name in content:
            setattr(message, name, content[name])
    for part in PARTS:
        if part.name in content:
            part.write(message, content[part.name])


def as_data(content):
    """`content` as JSON gives it back: dates are texts."""
    return json.loads(json.dumps(content, default=str, ensure_ascii=False))


def sha256_of(content):
    """The SHA-256 of a content, in lower-case hexadecimal digits."""
    if not content.get(TOPICS.name, True):
        # As it was before there were topics: what was approved then stays approved.
        content = {name: value for name, value in content.items() if name != TOPICS.name}
    text = json.dumps(content, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def content_sha256(message):
    """The SHA-256 of what the stored `message` says: what an approval is bound to."""
    return sha256_of(content_of(message))


def label_of(name):
    """What the field or the part `name` of a content is called."""
    part = next((part for part in PARTS if part.name == name), None)
    return part.model._meta.verbose_name_plural if part else Message._meta.get_field(name).verbose_name
