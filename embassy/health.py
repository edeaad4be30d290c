"""Answers for load balancers and containers."""

import logging
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)

# Less than this free, in bytes, and uploads will fail soon.
SCARCE = 500_000_000
# Migrations that are applied stay so: once seen, they are not looked up again.
_migrated = []


@never_cache
def healthz(request):
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """200 while the database answers and has every migration, else 503.

    Storage that nobody can write to, or that is nearly full, is named in a 200: readers need none of it,
    and they would lose the site because officers cannot upload.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        logger.exception("The database does not answer")
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    if not _is_migrated():
        return HttpResponse("migrations are missing\n", content_type="text/plain", status=503)
    lines = ["ok", *storage_faults(Path(settings.MEDIA_ROOT))]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _is_migrated():
    if not _migrated:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.append(True)
    return bool(_migrated)


def storage_faults(folder):
    """What is wrong with the `folder` of uploaded files, in words; the first upload makes it."""
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        yield "storage cannot be written to"
    free = shutil.disk_usage(folder).free
    if free < SCARCE:
        yield f"disk nearly full: {free // 1_000_000} MB free"
