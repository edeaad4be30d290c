"""The canonical form of an edition, of which its SHA-256 is taken.

A JSON object (RFC 8259) in UTF-8 with the members named in VERSIONS, sorted by name, without white
space between tokens, characters outside ASCII written as themselves. Moments are UTC in ISO 8601
with microseconds and `Z`, dates are ISO 8601, people and messages are their numbers in the
database, what is not there is null. `live_until` is no part of it, because a later edition sets it.

Version 1 knows no files. Version 2 has their number and, as `files`, an array of objects with the
members named in FILE, in the order of their positions; `file_id` is the file's own SHA-256.

A new column makes a new version; an edition keeps the one it was sealed with.
"""

from embassy import canonical

ONE = (
    "act",
    "address_id",
    "approver_id",
    "author_id",
    "body",
    "canonical_version",
    "details",
    "draft_version",
    "kind",
    "language",
    "live_from",
    "message_id",
    "note",
    "number",
    "published_at",
    "published_on",
    "releaser_id",
    "replaced_by_id",
    "signed_in",
    "signed_on",
    "teaser",
    "title",
    "updated_at",
)
VERSIONS = {1: ONE, 2: (*ONE, "file_count", "files")}
FILE = (
    "alt",
    "caption",
    "credit",
    "file_id",
    "focal_x",
    "focal_y",
    "height",
    "is_decorative",
    "language",
    "media_type",
    "name",
    "note",
    "position",
    "role",
    "size",
    "title",
    "width",
)
LATEST = max(VERSIONS)


def canonical_form(edition):
    """The bytes that are hashed, in the version the edition was sealed with."""
    return canonical.form(_content(edition))


def sha256(edition):
    """The SHA-256 of the canonical form, in lower-case hexadecimal digits."""
    return canonical.sha256(_content(edition))


def _content(edition):
    return {name: _value(edition, name) for name in VERSIONS[edition.canonical_version]}


def _value(edition, name):
    if name == "files":
        return [{name: getattr(file, name) for name in FILE} for file in edition.carried]
    return getattr(edition, name)
