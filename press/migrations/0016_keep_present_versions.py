import hashlib
import json

from django.db import migrations

FIELDS = ("kind", "language", "title", "slug", "teaser", "body", "signed_in", "signed_on")
PHOTO = ("file", "is_lead", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y")
ATTACHMENT = ("file", "title", "language", "note")
PARTS = ("exchanges", "signatories", "photos", "attachments")
BATCH = 500


def keep_present(apps, schema_editor):
    """What every message says now becomes its first kept version, as press.content reads it."""
    version = apps.get_model("press", "Version")
    messages = apps.get_model("press", "Message").objects.order_by("pk").prefetch_related(*PARTS)
    batch = []
    for message in messages.iterator(chunk_size=BATCH):
        content = {
            **{name: getattr(message, name) for name in FIELDS},
            "exchanges": rows(message.exchanges, "question", "answer"),
            "signatories": rows(message.signatories, "on_behalf_of", "name", "office"),
            "photos": rows(message.photos, *PHOTO),
            "attachments": rows(message.attachments, *ATTACHMENT),
        }
        text = json.dumps(content, default=str, ensure_ascii=False, sort_keys=True)
        batch.append(
            version(
                message=message,
                number=message.version,
                content=json.loads(text),
                content_sha256=hashlib.sha256(text.encode()).hexdigest(),
                by_id=message.changed_by_id,
                at=message.changed_at,
            )
        )
        if len(batch) == BATCH:
            version.objects.bulk_create(batch)
            batch = []
    version.objects.bulk_create(batch)


def rows(related, *fields):
    ordered = sorted(related.all(), key=lambda row: (row.position, row.pk))
    # Of a file its key is kept.
    return [{field: getattr(row, f"{field}_id" if field == "file" else field) for field in fields} for row in ordered]


class Migration(migrations.Migration):
    """No message without the version that it is now."""

    dependencies = [("press", "0015_version_guards")]

    operations = [migrations.RunPython(keep_present, migrations.RunPython.noop, elidable=False)]
