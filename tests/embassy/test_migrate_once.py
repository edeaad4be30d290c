"""Several web containers start together: one migrates, the others wait."""

from contextlib import closing
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from embassy.management.commands import migrate_once
from press.embargo.canary import Words, plant, planter
from press.models import Edition

pytestmark = pytest.mark.django_db

READ = "SELECT count(*) FROM auth_group"


def is_free():
    """Whether another connection could have the lock now."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [migrate_once.LOCK])
        return cursor.fetchone()[0]


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def test_migrate_once_migrates_under_the_lock_as_long_as_it_takes_and_waits_for_no_table(monkeypatch):
    seen = []

    def migrate(name, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            seen.append((name, is_free(), cursor.fetchone()))

    monkeypatch.setattr(migrate_once, "call_command", migrate)

    call_command("migrate_once")

    assert seen == [("migrate", False, ("0", "2s"))]
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


@pytest.fixture
def reader():
    """Another connection, in the middle of reading a table."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(READ)
        yield cursor


@pytest.fixture
def altering(monkeypatch):
    """A migration that alters the table; the list of what became of its attempts."""
    attempts = []

    def migrate(name, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            attempts.append("refused")
            cursor.execute("LOCK TABLE auth_group IN ACCESS EXCLUSIVE MODE")
            attempts[-1] = "done"

    monkeypatch.setattr(migrate_once, "call_command", migrate)
    monkeypatch.setattr(migrate_once, "LOCK_TIMEOUT", "SET lock_timeout = '50ms'")
    return attempts


def test_migration_that_does_not_get_its_table_lets_readers_pass_and_tries_again(monkeypatch, reader, altering):
    read = []

    def pause():
        with closing(connection.copy()) as third, third.cursor() as cursor:
            cursor.execute(READ)
            read.append(cursor.fetchone()[0])
        reader.execute("COMMIT")

    monkeypatch.setattr(migrate_once, "pause", pause)

    call_command("migrate_once")

    # The server's own housekeeping may refuse it once more.
    assert (altering[0], altering[-1]) == ("refused", "done")
    assert len(read) == len(altering) - 1


def test_migration_gives_up_in_a_sentence_when_its_patience_ends(reader, altering):
    with pytest.raises(CommandError, match=r"^Not migrated: canceling statement due to lock timeout"):
        call_command("migrate_once", patience=-1)

    assert altering == ["refused"]


def test_other_failure_is_not_tried_again(monkeypatch):
    attempts = []

    def fail(name, **options):
        attempts.append(name)
        raise OperationalError("no space left on device")

    monkeypatch.setattr(migrate_once, "call_command", fail)

    with pytest.raises(CommandError, match=r"^Not migrated: no space left on device$"):
        call_command("migrate_once")
    assert attempts == ["migrate"]


def test_plan_says_what_would_be_locked(monkeypatch, capsys):
    # As if the search were still to come.
    coming = MigrationExecutor(connection).loader.disk_migrations["press", "0009_search_of_editions"]
    small = MigrationExecutor(connection).loader.disk_migrations["press", "0001_messages_and_editions"]
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda executor, leaves: [(small, False), (coming, False)])

    call_command("migrate_once", plan=True)

    assert capsys.readouterr().out.splitlines() == [
        "press.0001_messages_and_editions: takes an instant",
        "press.0009_search_of_editions: rewrites press_edition, makes an index on press_edition",
        "2 migrations to apply.",
    ]
