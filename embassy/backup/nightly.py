"""When the next backup is due, and what is done then."""

import logging
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from embassy import clock, mail
from embassy.backup import last_backup
from embassy.models import BackupRun

DAY = timedelta(days=1)
# After a failure.
AGAIN_AFTER = timedelta(minutes=15)

logger = logging.getLogger(__name__)


def due(now, at, newest):
    """When the next backup is due: every day at the UTC time `at`, and at once where the last one was missed.

    `now` is aware; `newest` is when the newest backup began that made an archive, or None.
    """
    today = datetime.combine(now.astimezone(UTC), at, UTC)
    missed = today if today <= now else today - DAY
    return missed + DAY if newest and newest >= missed else now


def next_due(at):
    """`due` as the database knows it; a while later where it does not answer."""
    now = clock.now()
    try:
        # Also one with a fault: to make it anew every quarter of an hour would mend nothing.
        newest = BackupRun.objects.exclude(archive="").first()
        return due(now, at, newest and newest.began_at)
    except DatabaseError:
        logger.exception("The database does not say when the last backup was made")
        return now + AGAIN_AFTER
    finally:
        # Nobody keeps a connection open all day.
        connections.close_all()


def run(folder, keep, prove):
    """Make a backup in `folder`, `prove` it if asked, and keep {period: number}; returns whether all went well.

    What goes wrong is logged as an error, and mailed to the administrators.
    """
    try:
        call_command("backup", folder, **{f"keep_{period}": number for period, number in keep.items()})
        if prove:
            call_command("verify_backup", folder / last_backup().archive)
    except (CommandError, DatabaseError, OSError) as error:
        logger.error("No proved backup: %s", error)
        _tell(error)
        return False
    finally:
        connections.close_all()
    return True


def _tell(error):
    try:
        administrators = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(email="")
        addresses = list(administrators.values_list("email", flat=True))
    except DatabaseError:
        return
    if addresses:
        mail.send(EmailMessage("The press office has no new backup", f"{error}\n", to=addresses))
