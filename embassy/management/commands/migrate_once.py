"""Migrate, however many web containers start together: one does it, the others wait for it."""

from contextlib import closing, contextmanager

from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection

from embassy.starting import starting

# Any number that nothing else in this database locks.
LOCK = 5_720_180_301
# Migrations may take longer than a request may.
UNLIMITED = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0"


class Command(BaseCommand):
    help = "Apply the migrations behind a lock of the database, so that several may be told to at once."

    def handle(self, *args, **options):
        """Wait for the lock, then migrate. Raises CommandError where the database does not answer."""
        try:
            with alone():
                with connection.cursor() as cursor:
                    cursor.execute(UNLIMITED)
                call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
                starting.send(sender=None)
        except OperationalError as error:
            raise CommandError(f"Not migrated: {str(error).strip()}") from error


@contextmanager
def alone():
    """Hold the lock, waiting for it as long as it takes; it goes with its connection, also if this process dies."""
    with closing(connection.copy()) as keeper:
        with keeper.cursor() as cursor:
            cursor.execute(UNLIMITED)
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
