"""Back the site up into a folder."""

from django.core.management import BaseCommand, CommandError

from embassy import arguments
from embassy.audit import What, record
from embassy.backup import BackupFailed, making, progress, rotation

KEEP = {"daily": 14, "weekly": 8, "monthly": 12}


def add_rotation(parser):
    """Options that say which archives are kept; without any, all are."""
    for period, number in KEEP.items():
        parser.add_argument(
            f"--keep-{period}",
            type=arguments.count,
            metavar="N",
            help=f"keep the newest archive of the last N {period} ones ({number})",
        )


def keep_of(options):
    """{period: number} of what is to be kept; None if nothing was said."""
    given = {period: options[f"keep_{period}"] for period in KEEP}
    if set(given.values()) == {None}:
        return None
    return {period: number or 0 for period, number in given.items()}


class Command(BaseCommand):
    help = "Back up database and files, as of one moment, into one archive in a folder (docs/operations.md)."

    def add_arguments(self, parser):
        """The folder, and what is to be kept in it."""
        parser.add_argument(
            "folder", type=arguments.path, help="an existing folder; the archive in it can be read by its owner only"
        )
        add_rotation(parser)

    def handle(self, *args, folder, **options):
        """Make the archive, then rotate. Raises CommandError: nothing is left then, unless it says so."""
        try:
            run = making.make(folder, progress.bar)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        record(What.EXPORTED, backup=run.archive)
        self.stdout.write(
            f"{run.archive}: {run.size / 1e6:,.1f} MB. Keep it secret: it holds what passwords are checked by."
        )
        if keep := keep_of(options):
            for name in rotation.rotate(folder, **keep):
                self.stdout.write(f"{name} removed.")
        if run.fault:
            raise CommandError(f"{run.fault}. The archive has all the rest, and is kept.")
