"""Several web containers start together: one migrates, the others wait."""

from contextlib import closing
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from embassy.management.commands import migrate_once
from press.embargo.canary import Words, plant, planter
from press.models import Edition

pytestmark = pytest.mark.django_db


def is_free():
    """Whether another connection could have the lock now."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [migrate_once.LOCK])
        return cursor.fetchone()[0]


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def test_migrate_once_migrates_under_the_lock_and_without_time_limits(monkeypatch):
    seen = []

    def migrate(name, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            seen.append((name, is_free(), cursor.fetchone()))

    monkeypatch.setattr(migrate_once, "call_command", migrate)

    call_command("migrate_once")

    assert seen == [("migrate", False, ("0", "0"))]
    assert is_free()


def test_migrate_once_waits_for_another(monkeypatch):
    order = []

    def wait():
        with migrate_once.alone():
            order.append("second")

    with migrate_once.alone():
        second = Thread(target=wait)
        second.start()
        while not someone_waits():
            assert second.is_alive()
        order.append("first")
    second.join(timeout=10)

    assert order == ["first", "second"]


def test_migrate_once_says_in_a_sentence_that_the_database_does_not_answer(monkeypatch):
    def refuse():
        raise OperationalError("connection refused\n")

    monkeypatch.setattr(connection, "copy", refuse)

    with pytest.raises(CommandError, match=r"^Not migrated: connection refused$"):
        call_command("migrate_once")


def test_server_that_starts_removes_what_a_proof_of_the_embargo_left(monkeypatch):
    plant(Words(), planter())
    monkeypatch.setattr(migrate_once, "call_command", lambda name, **options: None)

    call_command("migrate_once")

    assert Edition.objects.count() == 0
