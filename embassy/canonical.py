"""The canonical form of what an edition says, of which its SHA-256 is taken.

A JSON object (RFC 8259) in UTF-8, its members sorted by name, without white space between tokens,
characters outside ASCII written as themselves. Moments are UTC in ISO 8601 with microseconds and
`Z`, dates are ISO 8601, what is not there is null.
"""

import hashlib
import json
from datetime import UTC, date, datetime


def form(content):
    """The bytes that are hashed. Raises TypeError at a value that has no canonical form."""
    return json.dumps(content, default=_text, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sha256(content):
    """The SHA-256 of the canonical form of `content`, in lower-case hexadecimal digits."""
    return hashlib.sha256(form(content)).hexdigest()


def _text(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no canonical form")
