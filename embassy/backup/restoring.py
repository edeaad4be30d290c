"""Bring a site back from an archive: files first, because they harm nobody, then the database in one transaction."""

import tempfile
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from embassy.backup import BackupFailed, fingerprint, programs
from embassy.backup.archive import DUMP, MANIFEST
from embassy.backup.making import store

# What a site has that nobody has used yet.
OF_A_NEW_SITE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "embassy_content_version",
    "embassy_backuprun",
}
# Everything of the schema goes, also what a newer version of this software has made. Extensions stay.
EMPTIED = """
DO $$
DECLARE
    statements text[];
    statement text;
BEGIN
    -- All names are read before the first is gone: with one go others that need it.
    WITH own AS (
        SELECT c.oid, c.oid::regclass::text AS name, 'pg_class'::regclass AS catalogue,
            CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE'
            END AS kind
        FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT oid, oid::regprocedure::text, 'pg_proc'::regclass, 'ROUTINE'
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    )
    SELECT array_agg(format('DROP %s IF EXISTS %s CASCADE', kind, name) ORDER BY kind = 'TABLE' DESC)
        INTO statements FROM own WHERE NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = catalogue AND d.objid = own.oid AND deptype = 'e'
        );
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP
        EXECUTE statement;
    END LOOP;
END $$;
"""
# Whoever keeps pages keeps them under a number; a number that came back would bring back what it stood for.
MOVED_ON = """
SELECT set_config('search_path', '{schema}', true);
UPDATE embassy_content_version SET version = greatest(version, {version}) + 1, moved_at = press_now();
"""


# What a manifest has to say before anything is restored (embassy.backup.making writes it).
SAID = {"made_at": str, "migrations": list, "postgresql": int, "tables": dict, "schema": list, "files": list}


def refuse_newer(manifest):
    """Raise BackupFailed if this software or this server is older than what made the archive, or it does not say."""
    if unsaid := [name for name, kind in SAID.items() if not isinstance(manifest.get(name), kind)]:
        raise BackupFailed(f"{MANIFEST} of the archive does not say: {', '.join(unsaid)}.")
    known = MigrationLoader(None).disk_migrations.keys()
    unknown = sorted({tuple(each) for each in manifest["migrations"]} - known)
    if unknown:
        raise BackupFailed(
            f"The archive was made by a newer version of this software: it has {len(unknown)} migrations that are not "
            f"here, {'.'.join(unknown[0])} among them."
        )
    ours, theirs = connection.pg_version // 10000, manifest["postgresql"] // 10000
    if ours < theirs:
        raise BackupFailed(f"The archive comes from PostgreSQL {theirs}, and this server is PostgreSQL {ours}.")


def missing_migrations(manifest):
    """How many migrations of this software the archive has not seen."""
    applied = {tuple(each) for each in manifest["migrations"]}
    return len(MigrationLoader(None).disk_migrations.keys() - applied)


def used_tables():
    """The tables that hold something which no new site holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(fingerprint.TABLES)
        used = []
        for name, quoted, _columns, _key in cursor.fetchall():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted})")  # noqa: S608 — quoted by the database
            if cursor.fetchone()[0] and name not in OF_A_NEW_SITE:
                used.append(name)
        return used


def restore(archive, progress):
    """Bring back what the checked `archive` holds, in place of what is here.

    Raises BackupFailed: then nothing has changed, but that files may have come back of which no row knows.
    """
    refuse_newer(archive.manifest)
    put_files(archive, progress)
    put_database(archive, connection, progress)
    faults = compare(archive, connection)
    if faults:
        raise BackupFailed(f"Restored, but not what the archive holds: {' '.join(faults)}")


def put_files(archive, progress):
    """Put the files of `archive` into the storage."""
    files = store()
    with progress("Restoring", len(archive.manifest["files"]), " files") as bar:
        for sha256 in archive.manifest["files"]:
            with tempfile.NamedTemporaryFile(prefix="restore-") as copy, transaction.atomic():
                for chunk in archive.chunks(files.name_of(sha256)):
                    copy.write(chunk)
                copy.flush()
                files.hold()
                files.put(Path(copy.name), sha256)
            bar.update()


def put_database(archive, target, progress):
    """Replace what the database of the connection `target` holds by the archive's, in one transaction."""
    schema, version = _state(target)
    after = MOVED_ON.format(schema=schema, version=version)
    total = archive.manifest["members"][DUMP]["size"]
    with progress("Restoring", total, "B") as bar:
        programs.restored(target, archive.chunks(DUMP, bar.update), EMPTIED, after)


def _state(target):
    """The schema of the database, and the version of what is public in it (0: none)."""
    with target.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema()), to_regclass('embassy_content_version') IS NOT NULL")
        schema, is_there = cursor.fetchone()
        if not is_there:
            return schema, 0
        cursor.execute("SELECT version FROM embassy_content_version")
        return schema, cursor.fetchone()[0]


def compare(archive, target):
    """How the database of the connection `target` differs from what the archive says, a sentence each."""
    said = archive.manifest
    with transaction.atomic(using=target.alias), target.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [
            *fingerprint.differences(said["tables"], fingerprint.tables(cursor)),
            *fingerprint.schema_differences(said["schema"], fingerprint.schema(cursor)),
            *(f"The sequence {name} would give a number twice." for name in fingerprint.behind(cursor)),
        ]
