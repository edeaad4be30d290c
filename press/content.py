"""What a working copy says: the part of it that readers will see."""

import hashlib
import json

FIELDS = ("kind", "language", "title", "slug", "teaser", "body", "signed_in", "signed_on")
PHOTO = ("file", "is_lead", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y")
ATTACHMENT = ("file", "title", "language", "note")


def content_of(message):
    """The content of a stored `message`, to be compared with that of another moment."""
    return {
        **{name: getattr(message, name) for name in FIELDS},
        "exchanges": list(message.exchanges.values("question", "answer")),
        "signatories": list(message.signatories.values("on_behalf_of", "name", "office")),
        "photos": list(message.photos.values(*PHOTO)),
        "attachments": list(message.attachments.values(*ATTACHMENT)),
    }


def content_sha256(message):
    """The SHA-256 of the content, in lower-case hexadecimal digits: what an approval is bound to."""
    text = json.dumps(content_of(message), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
