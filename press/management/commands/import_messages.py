"""Import messages from a file or standard input."""

import sys
from contextlib import contextmanager

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from embassy.audit import What, record
from press import importing


class Command(BaseCommand):
    help = "Import messages from JSON Lines (docs/import.md): all of them, or none if one has a fault."

    def add_arguments(self, parser):
        """The file, and whether only to check it."""
        parser.add_argument("file", help="the file; - is standard input")
        parser.add_argument("--dry-run", action="store_true", help="check the file, import nothing")

    def handle(self, *args, file, dry_run=False, **options):
        """Check, then import. Raises CommandError, and then nothing has been imported."""
        try:
            with importing.Checked() as checked:
                self._check(file, checked)
                act = importing.count_new if dry_run else importing.release_all
                with _bar("Comparing" if dry_run else "Importing", checked.count, " messages") as bar:
                    outcome = act(checked, bar.update)
        except importing.AlreadyRunning as error:
            raise CommandError("Another import is running. Nothing has been imported.") from error
        except OSError as error:
            raise CommandError(f"Nothing has been imported: {error}") from error
        except DatabaseError as error:
            raise CommandError(f"The database refused, so nothing has been imported: {error}") from error
        if outcome.new and not dry_run:
            record(What.IMPORTED, messages=outcome.new)
        done = "would be imported" if dry_run else "imported"
        self.stdout.write(f"{outcome.new} messages {done}, {outcome.seen} skipped that had been imported before.")

    def _check(self, file, checked):
        try:
            with _opened(file) as (lines, size), _bar("Checking", size, "B") as bar:
                importing.check(lines, checked, bar.update)
        except importing.FaultyFile as faulty:
            for fault in faulty.faults:
                self.stderr.write(fault)
            if rest := faulty.count - len(faulty.faults):
                self.stderr.write(f"… and {rest} more.")
            raise CommandError(f"Faults: {faulty.count}. Nothing has been imported.") from faulty


@contextmanager
def _opened(file):
    """The binary stream and its size in bytes, None if nobody knows."""
    if file == "-":
        yield sys.stdin.buffer, None
        return
    with open(file, "rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        yield stream, size


def _bar(words, total, unit):
    """A progress bar on standard error, if a person sees it."""
    return tqdm(desc=words, total=total, unit=unit, unit_scale=True, file=sys.stderr, disable=None)
