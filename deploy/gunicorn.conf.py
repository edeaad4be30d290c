"""gunicorn, in the container and under `make run`. It always stands behind nginx where strangers come."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
# A worker for each core that this process may use. One more would only wait.
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, len(os.sched_getaffinity(0))))
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
# It would write a socket into the home folder, which the container does not have.
control_socket_disable = True
# The workers' sign of life; a disk could make it wait.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 — memory
