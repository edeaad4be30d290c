"""The page "State of the site": whether all is well, for administrators."""

import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django
import psycopg2
import pytz
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from embassy import health, metrics
from embassy.backup import last_backup
from embassy.models import AuditRecord
from embassy.moments import in_host_city
from embassy.signs import signs

# A nightly backup may take a while, and the clocks may change.
BACKUP_IS_OLD = timedelta(hours=30)
# Zones are changed by law a few times a year.
ZONES_ARE_OLD = timedelta(days=365)
# Readers' and writers' clocks: more, and what is released "now" shows later than it should.
CLOCKS_DIFFER = timedelta(seconds=1)
# What must be on, or a power cut loses what was acknowledged; and what is only good to know.
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
TOLD = ("server_version", *MUST_BE_ON, "data_checksums", "shared_buffers", "max_connections", "TimeZone")
DATABASE = """
SELECT clock_timestamp(), pg_database_size(current_database()),
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
"""


@dataclass(frozen=True)
class Row:
    """A line of the page: what, its value in words, and whether somebody should see to it."""

    label: str
    words: str
    is_trouble: bool = False


@require_safe
def state(request):
    """The page. Raises PermissionDenied for all but superusers."""
    if not request.user.is_superuser:
        raise PermissionDenied
    shown = sections(request.at)
    context = {
        **admin.site.each_context(request),
        "title": _("State of the site"),
        "sections": shown,
        "troubles": [row for _title, rows in shown for row in rows if row.is_trouble],
    }
    return render(request, "admin/site_state.html", context)


def sections(at):
    """Pairs of a title and its Rows, as they are at the aware moment `at`."""
    return [
        (_("Readers and officers"), [Row(sign.label, sign.words, sign.is_trouble) for sign in signs(at)]),
        (_("Nothing lost"), [_backup(at), *_storage()]),
        (_("Nothing leaked"), [_embargo()]),
        (_("Time"), list(_time())),
        (_("Database"), list(_database())),
        (_("Served"), list(_served())),
        (_("Versions"), list(_versions())),
    ]


def _backup(at):
    run = last_backup()
    if run is None:
        return Row(_("Last backup"), _("none"), True)
    age = at - run.ended_at
    words = _("%(moment)s, %(size)s") % {"moment": in_host_city(run.ended_at), "size": filesizeformat(run.size)}
    return Row(_("Last backup"), words, age > BACKUP_IS_OLD)


def _storage():
    folder = Path(settings.MEDIA_ROOT)
    faults = list(health.storage_faults(folder))
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    words = _("%(free)s of %(total)s") % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    yield Row(_("Free on the disk of uploaded files"), words)
    yield Row(_("Storage of uploaded files"), "; ".join(faults) or _("can be written to"), bool(faults))


def _embargo():
    label = _("Last proof of the embargo")
    record = AuditRecord.objects.filter(what=AuditRecord.What.EMBARGO_PROVED).first()
    if record is None:
        return Row(label, _("never"))
    if record.details.get("failed"):
        outcome = _("could not be made")
    elif record.details["leaks"]:
        outcome = _("%(leaks)s of %(questions)s answers leaked") % record.details
    else:
        outcome = _("%(questions)s answers, no leak") % record.details
    is_trouble = bool(record.details.get("failed") or record.details["leaks"])
    return Row(label, f"{in_host_city(record.at)}: {outcome}", is_trouble)


def _time():
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute(DATABASE)
        theirs, *_rest = cursor.fetchone()
    # Half of the way there and back is not the clocks' fault.
    difference = theirs - (before + (datetime.now(UTC) - before) / 2)
    milliseconds = round(difference / timedelta(milliseconds=1))
    words = _("%s ms") % milliseconds
    yield Row(_("Clock of the database against ours"), words, abs(difference) > CLOCKS_DIFFER)
    version = pytz.OLSON_VERSION
    # 2026f: the year, and a letter for each edition in it.
    is_old = date.today() - date(int(version[:4]), 12, 31) > ZONES_ARE_OLD  # noqa: DTZ011 — no city's date matters
    yield Row(_("Time-zone data"), version, is_old)


def _database():
    with connection.cursor() as cursor:
        cursor.execute(DATABASE)
        _now, size, sessions = cursor.fetchone()
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s) AS name", [list(TOLD)])
        found = dict(cursor.fetchall())
    yield Row(_("Size"), filesizeformat(size))
    yield Row(_("Sessions"), str(sessions))
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Row(_("Missing migrations"), str(missing), missing > 0)
    for name, value in found.items():
        yield Row(name, value, name in MUST_BE_ON and value == "off")


def _served():
    if not settings.METRICS_PORT:
        yield Row(_("Requests"), _("not counted (METRICS_PORT)"))
        return
    counts = {
        outcome: int(metrics.total("press_office_page_cache_total", outcome=outcome))
        for outcome in ("kept", "rendered", "passed")
    }
    yield Row(_("Answers from the page cache"), str(counts["kept"]))
    yield Row(_("Pages rendered for it"), str(counts["rendered"]))
    yield Row(_("Answers beside it"), str(counts["passed"]))
    yield Row(_("Mails sent"), str(int(metrics.total("press_office_mails_total", outcome="sent"))))
    failed = int(metrics.total("press_office_mails_total", outcome="failed"))
    yield Row(_("Mails that could not be sent"), str(failed), failed > 0)


def _versions():
    yield Row("Python", platform.python_version())
    yield Row("Django", django.get_version())
    yield Row("psycopg2", psycopg2.__version__.partition(" ")[0])
