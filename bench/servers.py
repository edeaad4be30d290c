"""gunicorn as in production, on a port of its own, and how much processor time it and the database have taken."""

import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from socket import socket

import psutil

from bench.archives import ROOT


@contextmanager
def gunicorn(application, environ, port):
    """Serve `application` with the project's own configuration; yields a Server."""
    if _answers(port):
        raise SystemExit(f"Something listens on port {port} already; the bench would measure that.")
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "error"]
    process = subprocess.Popen(  # noqa: S603 — ours
        [*command, "--bind", f"127.0.0.1:{port}", application], cwd=ROOT, env={**environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _answers(port):
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port, path, **headers):
    """The status, headers and content of one answer of what listens on `port`. Raises OSError: nothing does."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()


class Server:
    """A server under measurement."""

    def __init__(self, port, pid):
        self.port, self.pid = port, pid
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.ask("/robots.txt")
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def ask(self, path):
        """The status, headers and content of one answer, on a connection of its own."""
        return ask(self.port, path)

    def connection(self):
        """A kept connection, for asking often."""
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def memory(self):
        """The PSS of each worker, in MiB."""
        return [child.memory_full_info().pss / 2**20 for child in psutil.Process(self.pid).children()]


def processor_seconds(*pids):
    """What the processes and all below them have taken so far, those among them that have ended.

    Of those that live from Linux's clock of each process, which counts nanoseconds; /proc counts hundredths of a
    second, and counts what has ended with its parent.
    """
    total = 0
    for pid in pids:
        own = psutil.Process(pid)
        for each in [own, *own.children(recursive=True)]:
            try:
                # The clock's number, as clock_getcpuclockid(3) makes it.
                total += time.clock_gettime((~each.pid << 3) | 2)
                times = each.cpu_times()
            except (OSError, psutil.NoSuchProcess):
                continue
            total += times.children_user + times.children_system
    return total
