"""Prove an archive: restore it into a scratch database of the same server and compare everything."""

from contextlib import contextmanager

from django.apps import apps
from django.db import DatabaseError, connection, connections

from embassy.backup import BackupFailed
from embassy.backup.making import alone, store
from embassy.backup.restoring import compare, missing_migrations, put_database, refuse_newer

ALIAS = "scratch"


def prove(archive, progress):
    """(what was looked at, what differs), both as sentences. Raises BackupFailed where it cannot be tried."""
    refuse_newer(archive.manifest)
    with alone(), scratch() as target:
        put_database(archive, target, progress)
        faults = compare(archive, target)
        tables, said = archive.manifest["tables"], archive.manifest
        seen = [
            f"{sum(table['rows'] for table in tables.values())} rows in {len(tables)} tables",
            f"{len(said['schema'])} columns, constraints, triggers, indexes and functions",
        ]
        if behind := missing_migrations(said):
            seen.append(f"{behind} migrations are newer than the archive: editions and files are not looked at")
            return seen, faults
        editions, broken = _editions(progress)
        named = store().named(ALIAS)
        faults += broken
        faults += [f"The file {sha256} is not in the archive." for sha256 in sorted(named - set(said["files"]))]
        return [*seen, f"{editions} editions against their hashes", f"{len(named)} files against theirs"], faults


def _editions(progress):
    """How many editions there are, and a sentence about each that does not say what was sealed."""
    count, faults = 0, []
    for model in (model for model in apps.get_models() if hasattr(model, "is_intact")):
        editions = model.objects.using(ALIAS)
        with progress("Hashing", editions.count(), " editions") as bar:
            for edition in editions.order_by("pk").iterator(chunk_size=500):
                count += 1
                bar.update()
                if not edition.is_intact():
                    faults.append(
                        f"The {model._meta.verbose_name} {edition.pk} ({model._meta.label}) is not what was sealed."
                    )
    return count, faults


@contextmanager
def scratch():
    """A connection to an empty database of this server, which is dropped afterwards. Raises BackupFailed."""
    name = f"{connection.settings_dict['NAME']}_scratch"
    quoted = connection.ops.quote_name(name)
    try:
        # One that a killed run has left.
        _execute(f"DROP DATABASE IF EXISTS {quoted}")
        _execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
    except DatabaseError as error:
        raise BackupFailed(
            f"No scratch database can be made on this server: {str(error).strip()}. "
            "The database user needs the right CREATEDB."
        ) from error
    target = connection.copy(alias=ALIAS)
    target.settings_dict["NAME"] = name
    # Known by its name, and in no list of what this site connects to.
    connections[ALIAS] = target
    try:
        yield target
    finally:
        target.close()
        del connections[ALIAS]
        _execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def _execute(statement):
    """Run what no transaction may hold."""
    keeper = connection.copy()
    try:
        with keeper.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(statement)
    finally:
        keeper.close()
