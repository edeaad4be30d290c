"""Prove that an archive can be restored."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from embassy import arguments, clock
from embassy.backup import BackupFailed, progress
from embassy.backup.proving import prove
from embassy.management.commands.restore import read
from embassy.models import BackupRun


class Command(BaseCommand):
    help = "Restore an archive into a scratch database of the same server, compare everything, and drop it again."

    def add_arguments(self, parser):
        """The archive."""
        parser.add_argument("archive", type=arguments.path)

    def handle(self, *args, archive, **options):
        """Print the report. Raises CommandError at any difference."""
        checked = read(archive)
        try:
            seen, faults = prove(checked, progress.bar)
        except (BackupFailed, DatabaseError, OSError) as error:
            raise CommandError(str(error).strip()) from error
        self.stdout.write(f"{archive.name}, made at {checked.manifest['made_at']}: every byte is what it was.")
        for sentence in seen:
            self.stdout.write(f"Restored and compared: {sentence}.")
        faults += [f"The file {sha256} was lost when it was made." for sha256 in checked.manifest["missing"]]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} differences.")
        BackupRun.objects.filter(archive=archive.name).update(proved_at=clock.database_now())
        self.stdout.write("It is the same: this archive brings the site back.")
