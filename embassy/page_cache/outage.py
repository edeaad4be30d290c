"""While the database is away no reader waits for it: all are told at once, and one thread watches."""

import time
from threading import Lock, Thread

from django.db import Error, InterfaceError, OperationalError, connection

SECONDS_BETWEEN_PROBES = 1


class Outage:
    """Notes that the database did not answer; from then on `probe()` is tried in a thread until it succeeds.

    To look a name up that is gone, and to connect to it, takes many seconds in some networks.
    """

    def __init__(self, probe, pause=time.sleep):
        self._probe, self._pause = probe, pause
        self._error = None
        self._lock = Lock()

    def shorten(self, attempt):
        """What `attempt()` returns. Raises its OperationalError or InterfaceError, or the one that is noted."""
        noted = self._error
        if noted is not None:
            raise type(noted)(*noted.args)
        try:
            return attempt()
        except (OperationalError, InterfaceError) as error:
            self._begin(error)
            raise

    def _begin(self, error):
        with self._lock:
            if self._error is None:
                self._error = type(error)(*error.args)
                Thread(target=self._watch, name="outage", daemon=True).start()

    def _watch(self):
        while self._error is not None:
            self._pause(SECONDS_BETWEEN_PROBES)
            try:
                self._probe()
            except Error:
                continue
            finally:
                # It is this thread's own.
                connection.close()
            self._error = None
