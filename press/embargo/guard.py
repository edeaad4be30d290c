"""The guard: a process beside the proof that removes the canary if the proof dies, however it dies."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection

from press.embargo.canary import AHEAD, remove_all

DONE = b"done"
SECONDS_BETWEEN_TRIES = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody wants this process to end."""


@contextmanager
def guarded():
    """Have a guard stand by within the block; signals that end a process end the block instead, once."""
    command = [sys.executable, "-m", "django", "prove_embargo", "--guard"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    # In a session of its own, so that Ctrl-C in a terminal does not reach it.
    guard = subprocess.Popen(  # noqa: S603 — our own program
        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE, start_new_session=True
    )
    before = {number: signal.signal(number, _interrupt) for number in SIGNALS}
    try:
        yield
        guard.stdin.write(DONE)
    finally:
        guard.stdin.close()
        guard.wait()
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number, _frame):
    for number in SIGNALS:
        # What is removed must be removed in peace; the guard is there for kill -9.
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted


def stand_guard(told):
    """Read the binary file `told` to its end; unless it said that all is done, remove the canary, trying for an hour.

    Returns sentences about what cannot be removed.
    """
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if told.read() == DONE:
        return []
    end = time.monotonic() + AHEAD.total_seconds()
    while True:
        try:
            return remove_all()
        except Error:
            if time.monotonic() > end:
                raise
            connection.close()
            time.sleep(SECONDS_BETWEEN_TRIES)
