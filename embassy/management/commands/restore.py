"""Restore the site from an archive."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from embassy import arguments
from embassy.audit import What, record
from embassy.backup import BackupFailed, progress, restoring
from embassy.backup.archive import opened


def read(path):
    """The checked Archive at `path`. Raises CommandError."""
    try:
        size = path.stat().st_size
        with progress.bar("Checking", size, "B") as bar:
            return opened(path, bar.update)
    except (BackupFailed, OSError) as error:
        raise CommandError(str(error)) from error


class Command(BaseCommand):
    help = "Restore database and files from an archive of `backup`, after checking every byte of it."

    def add_arguments(self, parser):
        """The archive, and whether it takes the place of what is here."""
        parser.add_argument("archive", type=arguments.path)
        parser.add_argument("--replace", action="store_true", help="delete what the site holds; there is no way back")

    def handle(self, *args, archive, replace=False, **options):
        """Check, then restore all or nothing. Raises CommandError."""
        checked = read(archive)
        try:
            used = restoring.used_tables()
            if used and not replace:
                raise CommandError(
                    f"This site is not empty ({len(used)} tables have rows, {used[0]} among them). Nothing has been "
                    "changed. To replace all it holds, back it up and say --replace."
                )
            restoring.restore(checked, progress.bar)
        except (BackupFailed, DatabaseError, OSError) as error:
            raise CommandError(str(error).strip()) from error
        self._tell(checked.manifest, restoring.missing_migrations(checked.manifest))

        # Into the log as this version keeps it.
        if not restoring.missing_migrations(checked.manifest):
            record(What.IMPORTED, backup=archive.name)

    def _tell(self, manifest, behind):
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Restored as of {manifest['made_at']}: {rows} rows in {len(manifest['tables'])} tables, "
            f"{len(manifest['files'])} files. Everybody signs in anew."
        )
        if manifest["missing"]:
            self.stdout.write(f"{len(manifest['missing'])} files were lost when it was made (manage.py check_files).")
        if behind:
            self.stdout.write(f"It is of an older version: apply {behind} migrations with manage.py migrate_once.")
