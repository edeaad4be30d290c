"""The audit log: who came in or was refused, who changed whose powers, what left the house.

Each record is a row that the database refuses to change (embassy.models.AuditRecord) and one line of
JSON on standard output, for a collector that no intruder of this machine can reach. Neither has a
password, a token or an e-mail address in it, nor a username that nobody has: people type their
passwords into that field.
"""

import logging

from django.db import transaction

from embassy import clock
from embassy.client_address import client_address
from embassy.current_request import current_request
from embassy.models import AuditRecord

What = AuditRecord.What

logger = logging.getLogger("audit")


def record(what, by=None, about=None, **details):
    """Write one record, in the transaction of what it tells of; `by` is the request's user if nobody is named.

    Names and numbers only go into `details`, which must be JSON. Returns the AuditRecord.
    """
    request = current_request()
    written = AuditRecord.objects.create(
        at=clock.database_now(),
        what=what,
        by=by or _user_of(request),
        about=about,
        address=client_address(request) if request else None,
        request_id=request.id if request else "",
        details=details,
    )
    # What is rolled back has not happened.
    transaction.on_commit(lambda: logger.info(what.value, extra={"audit": _line(written)}))
    return written


def _user_of(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _line(written):
    return {
        "number": written.pk,
        "what": written.what,
        "by": written.by and written.by.get_username(),
        "about": written.about and written.about.get_username(),
        "address": written.address,
        **written.details,
    }
