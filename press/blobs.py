"""The storage: files by their SHA-256, put there once, whole, and removed only when no row names them.

It is Django's default storage, so a volume or an object store. Rows and files are kept together by
one lock of the database: whoever stores or removes files holds it until the transaction's end.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction

from press.models import Rendition

# Any number that no other part of this software locks: "files" in letters.
LOCK = 0x66696C6573
CHUNK = 1 << 16


def hold():
    """Hold the lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def name_of(sha256):
    """Where the storage keeps it."""
    return f"files/{sha256[:2]}/{sha256}"


def sha256_of(file):
    """The SHA-256 of an open binary file, in lower-case hexadecimal digits."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def put(path, sha256):
    """Keep the file at `path`, whose hash is known; what is there already stays. Hold the lock. Raises OSError."""
    name, size = name_of(sha256), path.stat().st_size
    if default_storage.exists(name):
        if default_storage.size(name) == size:
            return
        # Whoever wrote it was stopped halfway.
        default_storage.delete(name)
    try:
        with path.open("rb") as file:
            kept = default_storage.save(name, File(file, name=sha256))
    except OSError:
        # The disk is full, say: half of it would only make it fuller.
        with suppress(OSError):
            default_storage.delete(name)
        raise
    if kept != name:
        default_storage.delete(kept)
        raise RuntimeError(f"The storage does not keep {name} under its name.")
    _settle(name)


def _settle(name):
    """Let a disk have the file for good before a row names it: the power may go. Other storages see to that."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    path = Path(default_storage.path(name))
    for each in (path, path.parent, path.parent.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_unnamed(hashes):
    """Remove those files that no row names (any more). Hold the lock."""
    named = set(Rendition.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in set(hashes) - named:
        default_storage.delete(name_of(sha256))


def opened(sha256):
    """The file, open for reading in binary. Raises FileNotFoundError."""
    return default_storage.open(name_of(sha256))


def fault_of(sha256):
    """What is wrong with a file that a row names, in words that end with its hash; "" if nothing is."""
    try:
        with opened(sha256) as file:
            return "" if sha256_of(file) == sha256 else f"damaged: {sha256}"
    except FileNotFoundError:
        return f"missing: {sha256}"


def named(using="default"):
    """The hashes of all files that the rows of the database `using` name."""
    return set(Rendition.objects.using(using).order_by().values_list("sha256", flat=True).distinct())


def stored():
    """The names of all files that the storage has for us: hashes, unless somebody has put something else there."""
    if not default_storage.exists("files"):
        return
    for folder in default_storage.listdir("files")[0]:
        yield from default_storage.listdir(f"files/{folder}")[1]


@transaction.atomic
def remove_waste(names):
    """Remove those of `names` that no row names even now; returns how many."""
    hold()
    waste = set(names) - set(Rendition.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    for name in waste:
        default_storage.delete(name_of(name))
    return len(waste)
