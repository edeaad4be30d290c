"""What tests of two connections need."""

from time import monotonic

import pytest
from django.db import connection

BLOCKED = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"


def wait_until_another_waits_for_us():
    """Return as soon as another connection waits for a lock that this one holds; fail after ten seconds."""
    deadline = monotonic() + 10
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waits for this transaction.")
