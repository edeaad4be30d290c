"""Export messages to a file or standard output."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from embassy import clock
from embassy.audit import What, record
from press import exporting
from press.models import Edition


class Command(BaseCommand):
    help = "Export what the public reads now as JSON Lines, oldest first (docs/import.md)."

    def add_arguments(self, parser):
        """The file."""
        parser.add_argument("file", help="the file, replaced when the new one is complete; - is standard output")

    def handle(self, *args, file, **options):
        """Write the file. Raises CommandError, and then the file is what it was before."""
        at = clock.now()
        try:
            total = Edition.objects.live(at).count()
            with _opened(file) as stream, _bar(total) as bar:
                count = exporting.export(stream, at, bar.update)
        except (OSError, DatabaseError) as error:
            raise CommandError(f"Not exported: {error}") from error
        record(What.EXPORTED, messages=count)
        # Standard output may be the file itself.
        self.stderr.write(f"{count} messages exported.")


@contextmanager
def _opened(file):
    """A binary stream; a file takes its name only when everything has been written."""
    if file == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file).resolve()
    if path.exists() and not path.is_file():
        raise CommandError(f"Not exported: {file} is no file.")
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _bar(total):
    """A progress bar on standard error, if a person sees it."""
    return tqdm(desc="Exporting", total=total, unit=" messages", unit_scale=True, file=sys.stderr, disable=None)
