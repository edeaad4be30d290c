"""Migrate, however many web containers start together, and while readers read: nobody waits long for a migration."""

import time
from contextlib import closing, contextmanager

from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from embassy import arguments
from embassy.migration_locks import locks
from embassy.starting import starting

# Any number that nothing else in this database locks.
LOCK = 5_720_180_301
# Migrations may take longer than a request may.
UNLIMITED = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0"
# Whoever comes after a migration that waits for a lock waits behind it: so it gives up, and tries again later.
LOCK_TIMEOUT = "SET lock_timeout = '2s'"
PAUSE = 3
# lock_not_available and deadlock_detected: https://www.postgresql.org/docs/current/errcodes-appendix.html
MAY_SUCCEED_LATER = {"55P03", "40P01"}


class Command(BaseCommand):
    help = (
        "Apply the migrations behind a lock of the database, so that several may be told to at once. One that does "
        "not get a table within two seconds lets readers pass and tries again."
    )

    def add_arguments(self, parser):
        """How patient it is, and whether only to tell."""
        parser.add_argument(
            "--patience",
            type=arguments.seconds,
            default=600,
            metavar="SECONDS",
            help="how long it tries to get a lock (600)",
        )
        parser.add_argument(
            "--plan", action="store_true", help="say what would be applied and what it locks; do nothing"
        )

    def handle(self, *args, patience=600, plan=False, **options):
        """Wait for the lock, then migrate. Raises CommandError: the database does not answer, or a table is busy."""
        try:
            if plan:
                self._tell()
                return
            with alone():
                with connection.cursor() as cursor:
                    cursor.execute(f"{UNLIMITED}; {LOCK_TIMEOUT}")
                self._migrate(time.monotonic() + patience)
                with connection.cursor() as cursor:
                    cursor.execute(UNLIMITED)
                starting.send(sender=None)
        except OperationalError as error:
            raise CommandError(f"Not migrated: {str(error).strip()}") from error

    def _migrate(self, deadline):
        """Migrate until it succeeds: each migration is a transaction, and what is applied is not applied again."""
        while True:
            try:
                return call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
            except OperationalError as error:
                if code_of(error) not in MAY_SUCCEED_LATER or time.monotonic() > deadline:
                    raise
                self.stderr.write(f"Others use the table; trying again: {str(error).strip().splitlines()[0]}")
                pause()

    def _tell(self):
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        for migration, _backwards in pending:
            self.stdout.write(f"{migration}: {', '.join(locks(migration)) or 'takes an instant'}")
        self.stdout.write(f"{len(pending)} migrations to apply.")


def code_of(error):
    """PostgreSQL's code of a Django database error; None if it has none."""
    return getattr(error.__cause__, "pgcode", None)


def pause():
    """Let those pass who wait."""
    time.sleep(PAUSE)


@contextmanager
def alone():
    """Hold the lock, waiting for it as long as it takes; it goes with its connection, also if this process dies."""
    with closing(connection.copy()) as keeper:
        with keeper.cursor() as cursor:
            cursor.execute(UNLIMITED)
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
