"""Releases every two seconds under load: is any answer old, or an error? `python -m bench.publishing 1000`.

An officer releases a bulletin every two seconds for a minute, while wrk loads the home page by the site
itself and through the project's nginx. Beside it two readers ask for home all the time and note the
newest bulletin that stood there. An answer asked for more than a second after a release was
acknowledged must show it (by the site), or more than the promised lifetime of two seconds (through
nginx). Everything asked in one run is told; the exit status is 1 if an answer was too old or an error.
"""

import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench import archives
from bench.proxy import nginx
from bench.servers import ask, gunicorn
from bench.wrk import load

PORT = 8970
RELEASES, PAUSE = 30, 2
PROMISED = {"site": 1, "nginx": 2}
CLIENT_RATE = 1_000_000
TITLE = re.compile(rb"Bulletin (\d+) of this measurement")
# Runs in `manage.py shell`, as one officer would release: prints the monotonic time after each commit.
OFFICER = """
import time
from django.contrib.auth import get_user_model
from embassy import clock
from press.acts import Seen
from press.models import Message
from press.release import release
officer, _ = get_user_model().objects.get_or_create(username="bench")
for number in range(1, {releases} + 1):
    now = clock.database_now()
    message = Message.objects.create(
        kind="press-release", language="en", title=f"Bulletin {{number}} of this measurement",
        body="<p>A bulletin.</p>", author=officer, changed_by=officer, created_at=now, changed_at=now,
    )
    release(message, Seen.of(message), officer)
    print(number, time.monotonic(), flush=True)
    time.sleep({pause})
"""


class Answer(NamedTuple):
    """When it was asked for (monotonic seconds), its status, and the newest bulletin on it (0: none)."""

    asked: float
    status: int
    newest: int


def read(port, answers, done):
    """Ask for home again and again, a little apart, until `done`."""
    while not done.is_set():
        asked = time.monotonic()
        try:
            status, _headers, content = ask(port, "/")
        except OSError:
            status, content = 0, b""
        numbers = [int(number) for number in TITLE.findall(content)]
        answers.append(Answer(asked, status, max(numbers, default=0)))
        done.wait(0.02)


def press(port, seconds, loads):
    """Load home as hard as it goes."""
    loads.append(load(f"http://127.0.0.1:{port}/", seconds, connections=8, headers=["Accept-Encoding: gzip"]))


def released(database):
    """Release the bulletins; yields number and moment of each as soon as it is acknowledged."""
    script = OFFICER.format(releases=RELEASES, pause=PAUSE)
    environ = archives.environment(database, FOUR_EYES="0")
    officer = subprocess.Popen(  # noqa: S603 — ours
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=archives.ROOT, env=environ, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in officer.stdout:
        number, moment = line.split()
        yield int(number), float(moment)
    if officer.wait():
        raise SystemExit("The officer could not release.")


def oldest(answers, moments):
    """By how many seconds an answer at most came after a release that it did not show."""
    late = [
        answer.asked - moments[answer.newest + 1]
        for answer in answers
        if answer.status == 200 and answer.newest + 1 in moments
    ]
    return max([0, *late])


def main(number):
    """Publish into the archive of `number` messages under load; returns the exit status."""
    archives.server()
    # One of its own: what is released stays for ever.
    database = f"publishing_{number}_{int(time.time())}"
    archives.sql("postgres", f"CREATE DATABASE {database} TEMPLATE {archives.archive(number)}")
    answers, loads, threads, done = {"site": [], "nginx": []}, {"site": [], "nginx": []}, [], threading.Event()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        stack.enter_context(gunicorn("embassy.wsgi", archives.environment(database), PORT))
        ports = {"site": PORT, "nginx": stack.enter_context(nginx(folder, PORT, PORT + 1, CLIENT_RATE))}
        for name, port in ports.items():
            threads.append(threading.Thread(target=read, args=(port, answers[name], done)))
            threads.append(threading.Thread(target=press, args=(port, RELEASES * PAUSE + 5, loads[name])))
        for thread in threads:
            thread.start()
        try:
            moments = dict(released(database))
        finally:
            done.set()
            for thread in threads:
                thread.join()
    archives.sql("postgres", f"DROP DATABASE {database} WITH (FORCE)")
    return told(answers, loads, moments)


def told(answers, loads, moments):
    """Tell what was seen; 1 if anything was not as promised."""
    failed = 0
    for name, seen in answers.items():
        errors = sum(answer.status != 200 for answer in seen) + loads[name][0].errors
        age = oldest(seen, moments)
        failed |= errors > 0 or age > PROMISED[name]
        print(
            f"{name}: {len(moments)} releases, {loads[name][0].requests + len(seen):,} answers "
            f"({loads[name][0].rate:,.0f} a second), {errors} errors; of {len(seen)} looked at the oldest "
            f"was {age:.2f} s behind (promised: {PROMISED[name]} s)"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
