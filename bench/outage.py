"""The database stopped for half a minute under load: do readers see pages? `python -m bench.outage 1000`.

Readers behind the project's nginx ask for the pages of the site all the time; meanwhile PostgreSQL is stopped at
once, as by a fault, for thirty seconds, and started again. Told are the answers of pages that had been
read before, of one that had not, and when the site was its own again. The exit status is 1 if a reader
of a page that had been read before got none.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import psutil

from bench import archives
from bench.measure import pages
from bench.proxy import nginx
from bench.servers import ask, gunicorn

PORT = 8980
BEFORE, STOPPED, AFTER = 5, 30, 20
READ = ("home", "list, first", "press-release", "feed")


def read(port, paths, answers, done):
    """Ask for the pages in turn, until `done`: moment (monotonic seconds), status, seconds it took."""
    while not done.is_set():
        for path in paths:
            asked = time.monotonic()
            try:
                status = ask(port, path)[0]
            except OSError:
                status = 0
            answers.append((asked, status, time.monotonic() - asked))
            done.wait(0.05)


def stop(postgres):
    """Stop the server at once, without a checkpoint; returns the command that it was started with."""
    process = psutil.Process(postgres)
    command, user = process.cmdline(), process.username()
    process.send_signal(signal.SIGQUIT)
    process.wait()
    return command, user


def start(command, user):
    """Start it again, as the user it ran as. Returns when it answers."""
    as_user = [] if os.geteuid() else ["runuser", "-u", user, "--"]
    subprocess.Popen([*as_user, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 — as it was
    deadline = time.monotonic() + 60
    while True:
        try:
            return archives.sql("postgres", "SELECT 1")
        except archives.psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main(number):
    """Stop the database under the archive of `number` messages; returns the exit status."""
    postgres = archives.server()
    database = archives.archive(number)
    everything = pages(database)
    known, unknown = [everything[name] for name in READ], everything["statement"]
    answers, strangers, done = [], [], threading.Event()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        stack.enter_context(gunicorn("embassy.wsgi", archives.environment(database), PORT))
        port = stack.enter_context(nginx(folder, PORT, PORT + 1))
        readers = [threading.Thread(target=read, args=(port, known, answers, done)) for _ in range(4)]
        for reader in readers:
            reader.start()
        time.sleep(BEFORE)
        command, user = stop(postgres)
        stopped = time.monotonic()
        while time.monotonic() < stopped + STOPPED:
            read_once(port, unknown, strangers)
            time.sleep(1)
        start(command, user)
        started = time.monotonic()
        while ask(port, unknown)[0] != 200:
            time.sleep(0.1)
        back = time.monotonic() - started
        time.sleep(AFTER)
        done.set()
        for reader in readers:
            reader.join()
    return told(answers, strangers, back)


def read_once(port, path, answers):
    """Ask once, and note the status and how long it took."""
    asked = time.monotonic()
    status = ask(port, path)[0]
    answers.append((status, time.monotonic() - asked))


def told(answers, strangers, back):
    """Tell what was seen; 1 if a page that was known was not answered."""
    statuses, others = Counter(status for _asked, status, _took in answers), Counter(status for status, _ in strangers)
    slowest, slowest_other = max(took for *_, took in answers), max(took for _, took in strangers)
    print(f"pages read before: {dict(statuses)}, the slowest after {slowest:.2f} s")
    print(f"a page not read before, meanwhile: {dict(others)}, the slowest after {slowest_other:.2f} s")
    print(f"that page was there {back:.2f} s after the database was")
    return int(set(statuses) != {200})


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
