"""gunicorn, in the container and under `make run`. It always stands behind nginx where strangers come."""

import contextlib
import os
import shutil
import tempfile

# Memory: what is written there must make nobody wait.
memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 — memory

bind = ["0.0.0.0:8000"]
# Prometheus reads what all workers count at a port of its own (embassy.metrics); they count into files of one folder.
if metrics_port := int(os.environ.get("METRICS_PORT") or 0):
    bind.append(f"0.0.0.0:{metrics_port}")
    # It stays when this is read again, by a SIGHUP.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-", dir=memory)
worker_class = "gthread"
cores = sorted(os.sched_getaffinity(0))
# A worker for each core that this process may use. One more would only wait.
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, len(cores)))
# Each thread keeps one connection to the database: workers × threads is what PostgreSQL must allow.
threads = 4
# Longer than nginx keeps an idle connection (60 seconds), so that it never sends into one that just closed.
keepalive = 75
timeout = 30
graceful_timeout = 30
# A low number would throw every worker's caches away all day.
max_requests = 200_000
max_requests_jitter = 20_000
preload_app = True
# Its lines are of the same form as the application's, and name no visitor.
logger_class = "embassy.server_log.Logger"
# It would write a socket into the home folder, which the container does not have.
control_socket_disable = True
# The workers' sign of life; a disk could make it wait.
worker_tmp_dir = memory


def pre_fork(server, worker):
    """Give a worker the core that has the fewest, those of before a reload among them."""
    taken = [other.core for other in server.WORKERS.values()]
    worker.core = min(cores, key=taken.count)


def post_fork(server, worker):
    """Keep the worker on its core, if every core has as many workers.

    Of its threads one at a time runs Python; on several cores they fight for the turn, which costs a fifth of all
    that a request takes (docs/performance.md).
    """
    if server.cfg.workers % len(cores) == 0:
        # A core may have been taken from the container since this was read: then it goes where it may.
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {worker.core})


def child_exit(server, worker):
    """Take a worker that has ended out of what is told of those that live."""
    if metrics_port:
        # It decides where to count when it is imported: after the folder is named.
        from prometheus_client import multiprocess  # noqa: PLC0415

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the counts."""
    if metrics_port:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
