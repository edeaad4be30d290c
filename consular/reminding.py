"""When owners are reminded: whenever somebody signs in to the office, and by a timer where there is one."""

import logging

from django.db import DatabaseError, transaction

from consular.freshness import remind_owners
from embassy import clock

logger = logging.getLogger(__name__)


def remind_on_sign_in(sender, **kwargs):
    """Mail what is due. Nothing of it may keep anybody from signing in: a failure is logged."""
    try:
        with transaction.atomic():
            remind_owners(clock.now())
    except DatabaseError:
        logger.exception("The owners of consular facts were not reminded")
