"""Backups: one archive of the database and of every file that it names, checked before it is believed.

The archive (embassy.backup.archive) holds what pg_dump says of one snapshot of the database, the
files that the snapshot names, and a manifest that tells what a restored site must be like. Why it
is so: docs/decisions/backup.md.
"""


class BackupFailed(Exception):  # noqa: N818 — the argument is a sentence for the operator
    """There is no backup, no restored site, or no proof; the argument says why in a sentence."""


def last_backup():
    """The newest embassy.models.BackupRun that made a whole archive, or None."""
    from embassy.models import BackupRun  # noqa: PLC0415 — settings may name this package before there are models

    return BackupRun.objects.good().first()
