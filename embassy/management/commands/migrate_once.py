"""Migrate, however many web containers start together: one does it, the others wait for it."""

from contextlib import contextmanager

from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection

# Any number that nothing else in this database locks.
LOCK = 5_720_180_301


class Command(BaseCommand):
    help = "Apply the migrations behind a lock of the database, so that several may be told to at once."

    def handle(self, *args, **options):
        """Wait for the lock, then migrate. Raises CommandError where the database does not answer."""
        try:
            with advisory_lock():
                call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)
        except OperationalError as error:
            raise CommandError(f"Not migrated: {str(error).strip()}") from error


@contextmanager
def advisory_lock():
    """Hold the lock, on a connection without the time limits of a request: migrations may take long."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        # Its locks and settings go with it.
        connection.close()
