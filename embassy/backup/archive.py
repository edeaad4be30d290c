"""The archive: a plain tar, of which every byte is checked.

Its members are `files/…`, `database.dump`, `manifest.json` with the SHA-256 of each of them, and
last `SHA256`, the hash of all bytes before it. So a flipped byte is seen wherever it is, the name
of the damaged member is known, and an archive that ends too early has no last member.
"""

import hashlib
import json
import os
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from embassy.backup import BackupFailed

BLOCK = tarfile.BLOCKSIZE
CHUNK = 1 << 20
DUMP, MANIFEST, SEAL = "database.dump", "manifest.json", "SHA256"
# What the manifest has to say for this program to understand it.
FORMAT = 1


@contextmanager
def written(path, made_at):
    """A Writer of the new archive `path`, which takes its name when all is written and on the disk.

    Nobody but its owner can read it. Raises OSError, and then nothing is left of it.
    """
    partial = partial_of(path)
    try:
        with open(partial, "xb+", opener=_private) as file:
            writer = Writer(file, int(made_at.timestamp()))
            yield writer
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def partial_of(path):
    """The name of an archive that is not whole yet."""
    return path.with_name(f".{path.name}.partial")


def _private(path, flags):
    return os.open(path, flags, 0o600)


def _sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Writer:
    """Writes members one after the other, whatever size they turn out to have."""

    def __init__(self, file, mtime):
        self.file, self.mtime = file, mtime
        self.members = {}

    def add(self, name, chunks):
        """Add the member `name` from an iterable of bytes; returns its SHA-256."""
        start, size, digest = self.file.tell(), 0, hashlib.sha256()
        self.file.write(bytes(BLOCK))
        for chunk in chunks:
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self.file.write(bytes(-size % BLOCK))
        # Only now its size is known.
        self.file.seek(start)
        self.file.write(self._header(name, size))
        self.file.seek(0, os.SEEK_END)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}
        return digest.hexdigest()

    def drop(self, name, start):
        """Take back what was added or begun as `name`, at the place `start` (what `tell` said before)."""
        self.file.seek(start)
        self.file.truncate()
        self.members.pop(name, None)

    def tell(self):
        """Where the next member will begin."""
        return self.file.tell()

    def finish(self, manifest):
        """Add the `manifest`, with the hashes of all members, and the seal."""
        manifest = {"format": FORMAT, **manifest, "members": self.members.copy()}
        self.add(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()])
        self.add(SEAL, [self._hash_so_far().encode() + b"\n"])
        self.file.write(bytes(2 * BLOCK))

    def _header(self, name, size):
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self.mtime, 0o600
        return info.tobuf(tarfile.GNU_FORMAT)

    def _hash_so_far(self):
        self.file.flush()
        self.file.seek(0)
        digest = hashlib.file_digest(self.file, "sha256")
        self.file.seek(0, os.SEEK_END)
        return digest.hexdigest()


@dataclass
class Archive:
    """An archive that has been read from its first byte to its last: every hash in it is true."""

    path: Path
    manifest: dict
    places: dict = field(default_factory=dict)

    def chunks(self, name, advance=lambda count: None):
        """The content of the member `name`, in pieces; `advance` is told the size of each."""
        offset, size = self.places[name]
        with self.path.open("rb") as file:
            file.seek(offset)
            while size:
                chunk = file.read(min(CHUNK, size))
                size -= len(chunk)
                advance(len(chunk))
                yield chunk


def opened(path, advance=lambda count: None):
    """The Archive at `path`, checked; `advance` is told how many bytes were read. Raises BackupFailed."""
    try:
        with path.open("rb") as file:
            places, hashes = _scanned(file, advance)
    except (OSError, ValueError, tarfile.HeaderError) as error:
        raise BackupFailed(f"{path.name} cannot be read: {error}") from error
    archive = Archive(path, {}, places)
    archive.manifest = _manifest(archive)
    faults = list(_faults(archive.manifest["members"], hashes))
    if faults:
        raise BackupFailed(f"{path.name} is damaged: {'; '.join(faults)}.")
    return archive


def _scanned(file, advance):
    """({member: (offset, size)}, {member: SHA-256}) of a tar that ends with its true seal. Raises BackupFailed."""
    whole, places, hashes = hashlib.sha256(), {}, {}
    while True:
        before = whole.hexdigest()
        header = file.read(BLOCK)
        if len(header) < BLOCK or not any(header):
            raise BackupFailed(f"{Path(file.name).name} is not whole: it ends before its last member.")
        info = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        whole.update(header)
        places[info.name] = (file.tell(), info.size)
        hashes[info.name] = _read_member(file, info.size, whole, advance)
        if info.name == SEAL:
            break
    file.seek(places[SEAL][0])
    if file.read(places[SEAL][1]).decode("ascii", "replace").strip() != before:
        raise BackupFailed(f"{Path(file.name).name} is damaged{_where(file, places, hashes)}.")
    return places, hashes


def _read_member(file, size, whole, advance):
    digest, left = hashlib.sha256(), size
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise BackupFailed(f"{Path(file.name).name} is not whole: it ends within a member.")
        digest.update(chunk)
        whole.update(chunk)
        advance(len(chunk))
        left -= len(chunk)
    whole.update(file.read(-size % BLOCK))
    return digest.hexdigest()


def _where(file, places, hashes):
    """Which members are to blame, as far as the manifest can tell."""
    try:
        offset, size = places[MANIFEST]
        file.seek(offset)
        faults = list(_faults(json.loads(file.read(size))["members"], hashes))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return f", {MANIFEST} among others"
    return f": {'; '.join(faults)}" if faults else " outside its members"


def _faults(members, hashes):
    for name, said in members.items():
        if name not in hashes:
            yield f"{name} is missing"
        elif hashes[name] != said.get("sha256"):
            yield f"{name} is not what it was"
    for name in hashes.keys() - members.keys() - {MANIFEST, SEAL}:
        yield f"{name} is none of its members"


def _manifest(archive):
    if not {MANIFEST, DUMP} <= archive.places.keys():
        raise BackupFailed(f"{archive.path.name} is no backup of a press office.")
    try:
        manifest = json.loads(b"".join(archive.chunks(MANIFEST)))
    except (ValueError, RecursionError) as error:
        raise BackupFailed(f"{archive.path.name} is no backup of a press office: {MANIFEST} is no JSON.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupFailed(f"{archive.path.name} was made by another version of this program.")
    members = manifest.get("members")
    if not isinstance(members, dict) or not all(isinstance(said, dict) for said in members.values()):
        raise BackupFailed(f"{archive.path.name} does not say what its members are.")
    return manifest
