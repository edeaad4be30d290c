"""Import a file of messages: check every line, then release them all in one transaction (docs/import.md)."""

import hashlib
import pickle
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import connection, reset_queries, transaction

from embassy import clock
from press.bulk_release import release_batch, unreleased
from press.message_lines import Faulty, read, shown
from press.topic_lines import NamedTopics
from press.translation_lines import Groups, NamedGroups

USERNAME = "import"
LONGEST_LINE = 5_000_000
BATCH = 1000
BATCH_BYTES = 4_000_000
# More are counted only.
FAULTS_KEPT = 1000
BOM = b"\xef\xbb\xbf"
# Any number that nothing else in this database locks.
LOCK = 5_720_180_302


class AlreadyRunning(Exception):  # noqa: N818 — nothing is wrong with it
    """Another import holds the lock."""


class FaultyFile(Exception):  # noqa: N818 — it tells of faults
    """Nothing is imported: `faults` are sentences, the first ones of `count`."""

    def __init__(self, faults, count):
        super().__init__(f"{count} faults")
        self.faults = faults
        self.count = count


@dataclass
class Outcome:
    """How many messages are new, and how many had been imported before."""

    new: int = 0
    seen: int = 0


class Checked:
    """The checked entries of a file in a temporary file without a name, in batches, in their order.

    The file that came may change while it is read, and standard input comes only once. What is
    unpickled has been pickled by this very process.
    """

    def __init__(self):
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 — closed by __exit__
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.file.close()

    def add(self, entries):
        """Keep a batch."""
        pickle.dump(entries, self.file, pickle.HIGHEST_PROTOCOL)
        self.count += len(entries)

    def batches(self):
        """The batches again."""
        end = self.file.tell()
        self.file.seek(0)
        while self.file.tell() < end:
            yield pickle.load(self.file)  # noqa: S301 — our own


def check(file, checked, advance=lambda size: None):
    """Read the binary `file` of lines and put its entries into `checked`.

    `advance` is told how many bytes have been read, line by line. Raises FaultyFile.
    """
    now = clock.database_now()
    faults, count, sources, topics, groups = [], 0, {}, NamedTopics(), NamedGroups()
    batch, size = [], 0
    for number, line in _lines(file, advance):
        try:
            entry = _entry(number, line, now, sources)
            topics.check(entry.topics)
            groups.check(entry)
        except Faulty as faulty:
            count += len(faulty.faults)
            room = FAULTS_KEPT - len(faults)
            faults += [_sentence(number, path, reason) for path, reason in faulty.faults[:room]]
            continue
        batch.append(entry)
        size += len(line)
        if len(batch) == BATCH or size > BATCH_BYTES:
            checked.add(batch)
            batch, size = [], 0
    checked.add(batch)
    if count:
        raise FaultyFile(faults, count)


def count_new(checked, advance=lambda count: None):
    """What `release_all` would do now, as an Outcome. `advance` is told the size of each batch."""
    outcome = Outcome()
    for entries in checked.batches():
        new = len(unreleased(entries, _own_host()))
        outcome.new += new
        outcome.seen += len(entries) - new
        advance(len(entries))
    return outcome


@transaction.atomic
def release_all(checked, advance=lambda count: None):
    """Release what `checked` holds and is not here yet; return the Outcome. `advance` as in `count_new`.

    All are live from one moment, that of the beginning. Raises AlreadyRunning.
    """
    with _long_transaction():
        at, by, outcome, groups = clock.database_now(), _importer(), Outcome(), Groups()
        for entries in checked.batches():
            new = unreleased(entries, _own_host())
            release_batch(new, by, at, groups)
            # Now, not all at the end: so the server's list of what is still to check stays short.
            connection.check_constraints()
            # With DEBUG Django keeps the last 9,000 statements; these are long.
            reset_queries()
            outcome.new += len(new)
            outcome.seen += len(entries) - len(new)
            advance(len(entries))
        return outcome


def _lines(file, advance):
    """The numbers and bytes of the lines that are not blank; one that is too long is cut."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        advance(len(line))
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
            advance(len(rest))
        line = line.removeprefix(BOM) if number == 1 else line
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def _entry(number, line, now, sources):
    """The entry of a line whose source is in no line before; `sources` remembers them. Raises Faulty."""
    if len(line) > LONGEST_LINE:
        raise Faulty.because(f"is longer than {LONGEST_LINE} bytes")
    entry = read(line, now)
    if entry.source:
        # A hash in place of the source: the list of all must be small, also of a million.
        key = int.from_bytes(hashlib.blake2b(entry.source.encode(), digest_size=8).digest())
        if sources.setdefault(key, number) != number:
            raise Faulty((("source",), f"is the same as in line {sources[key]}"))
    return entry


def _sentence(number, path, reason):
    where = f"line {number}, {shown(path)}" if path else f"line {number}"
    return f"{where}: {reason}"


def _importer():
    """The user in whose name messages are imported; nobody can log in as it."""
    defaults = {"is_active": False, "password": make_password(None)}
    return get_user_model().objects.get_or_create(username=USERNAME, defaults=defaults)[0]


def _own_host():
    return urlsplit(settings.SITE_URL).netloc


@contextmanager
def _long_transaction():
    """Alone, and without the limits that are meant for requests; they come back with the transaction's end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
    yield
