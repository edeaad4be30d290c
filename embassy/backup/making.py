"""Make an archive: files first, then the database, all as one moment of the database knew them."""

import os
from contextlib import closing, contextmanager
from datetime import UTC
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from embassy import clock
from embassy.backup import BackupFailed, fingerprint, programs
from embassy.backup.archive import CHUNK, DUMP, partial_of, written
from embassy.backup.rotation import PREFIX, SUFFIX, archives
from embassy.models import BackupRun

# Any number that nothing else in this database locks: one backup at a time.
LOCK = 0x6261636B7570


def store():
    """The module that knows which files belong to the database, and where they are (settings.FILE_STORE)."""
    return import_module(settings.FILE_STORE)


def make(folder, progress):
    """Make an archive in `folder` (a Path) and note it; returns the BackupRun. Raises BackupFailed, noted as well.

    `progress(words, total, unit)` opens a progress bar (tqdm's) for a part of the work. A file that the
    database names and the storage does not have makes a whole archive, and a run with a fault.
    """
    with alone():
        run = BackupRun(began_at=clock.database_now())
        try:
            path, missing = _make(folder, run.began_at, progress)
        except (BackupFailed, OSError, DatabaseError) as error:
            _note(run, fault=_sentence(error))
            raise BackupFailed(_sentence(error)) from error
        fault = f"The storage lacks or has damaged {len(missing)} files: {', '.join(missing[:3])}" if missing else ""
        _note(run, archive=path.name, size=path.stat().st_size, fault=fault)
        return run


def _sentence(error):
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"Not backed up: {' '.join(words.split())}"


def _note(run, **fields):
    """Keep the `run`, unless the database has gone, which is then said anyhow."""
    for name, value in fields.items():
        setattr(run, name, value)
    try:
        run.ended_at = clock.database_now()
        run.save()
    except DatabaseError:
        if not run.fault:
            raise


@contextmanager
def alone():
    """Hold the lock of backups. Raises BackupFailed: another one holds it, or the database does not answer."""
    try:
        with closing(connection.copy()) as keeper, keeper.cursor() as cursor:
            cursor.execute("SET idle_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise BackupFailed("Another backup, or the check of one, is running.")
            yield
    except DatabaseError as error:
        raise BackupFailed(_sentence(error)) from error


def _make(folder, made_at, progress):
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise BackupFailed(f"{folder} is no folder that can be written to.")
    path = folder / f"{PREFIX}{made_at:%Y-%m-%dT%H%M%SZ}{SUFFIX}"
    for killed in archives(folder, partial=True):
        partial_of(killed).unlink(missing_ok=True)
    programs.folder_for(connection)
    files = store()
    with written(path, made_at) as writer, closing(connection.copy()) as keeper, keeper.cursor() as cursor:
        # It stands still while files are copied and pg_dump works.
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        kept, missing = set(), set()
        # What is removed from here on, by officers or because nothing uses it, is in the archive already.
        _add_files(writer, files.named(), kept, missing, progress)
        with transaction.atomic():
            connection.cursor().execute(
                "SET LOCAL lock_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = 0"
            )
            # Nothing is stored or removed from here to the last copy; rows may still go, so they are asked first.
            files.hold()
            named = files.named()
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            missing &= named
            _add_files(writer, named - kept - missing, kept, missing, progress)
        manifest = _manifest(cursor, made_at, progress)
        dump = programs.dumped(connection, snapshot, fingerprint.NOT_KEPT)
        with closing(dump), progress("Dumping", None, "B") as bar:
            writer.add(DUMP, _counted(dump, bar))
        writer.finish({**manifest, "files": sorted(named - missing), "missing": sorted(missing)})
    return path, sorted(missing)


def _manifest(cursor, made_at, progress):
    """What the snapshot of `cursor` is like."""
    cursor.execute(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
    )
    with progress("Fingerprinting", cursor.fetchone()[0], " tables") as bar:
        tables = fingerprint.tables(cursor, lambda _table: bar.update())
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return {
        "made_at": made_at.astimezone(UTC).isoformat(),
        "site": settings.SITE_URL,
        "postgresql": connection.pg_version,
        "migrations": [list(row) for row in cursor.fetchall()],
        "tables": tables,
        "schema": fingerprint.schema(cursor),
    }


def _add_files(writer, hashes, kept, missing, progress):
    """Add the files with these hashes, and tell in `kept` and `missing` what became of each."""
    files = store()
    with progress("Copying", len(hashes), " files") as bar:
        for sha256 in sorted(hashes):
            name, start = files.name_of(sha256), writer.tell()
            try:
                with files.opened(sha256) as file:
                    is_whole = writer.add(name, iter(lambda file=file: file.read(CHUNK), b"")) == sha256
            except FileNotFoundError:
                is_whole = False
            if is_whole:
                kept.add(sha256)
            else:
                writer.drop(name, start)
                missing.add(sha256)
            bar.update()


def _counted(chunks, bar):
    for chunk in chunks:
        bar.update(len(chunk))
        yield chunk
