"""While the database is away nobody but one waits for it: the others are told at once."""

from threading import Lock
from time import monotonic

from django.db import InterfaceError, OperationalError

# Longer than an attempt to connect may take (settings.DATABASES), so that one attempt is under way at a time.
SECONDS_BETWEEN_ATTEMPTS = 4


class Outage:
    """Notes that the database did not answer, and lets one request after the other find out whether it does."""

    def __init__(self):
        self._error, self._next_attempt = None, 0
        self._lock = Lock()

    def shorten(self, attempt):
        """What `attempt()` returns. Raises its django.db.Error, also a recent one of another's attempt."""
        self._raise_recent()
        try:
            result = attempt()
        except (OperationalError, InterfaceError) as error:
            with self._lock:
                self._error, self._next_attempt = type(error)(*error.args), monotonic() + SECONDS_BETWEEN_ATTEMPTS
            raise
        self._error = None
        return result

    def _raise_recent(self):
        if self._error is None:
            return
        with self._lock:
            now = monotonic()
            if self._error is not None and now < self._next_attempt:
                raise type(self._error)(*self._error.args)
            # This one tries; whoever comes meanwhile does not.
            self._next_attempt = now + SECONDS_BETWEEN_ATTEMPTS
