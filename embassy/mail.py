"""Mail goes out beside the request: a mail server that is slow or down never holds an officer up."""

import logging
from concurrent.futures import ThreadPoolExecutor

from embassy.metrics import MAIL_QUEUE, MAILS

logger = logging.getLogger(__name__)

# One after the other; what waits is sent before the process ends.
_out = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send(message):
    """Send a django.core.mail message soon; a failure is logged, without addresses. Returns a Future."""
    MAIL_QUEUE.inc()
    return _out.submit(_send, message)


def _send(message):
    try:
        message.send()
    except Exception:
        MAILS.labels("failed").inc()
        logger.exception("A mail was not sent")
    else:
        MAILS.labels("sent").inc()
    finally:
        MAIL_QUEUE.dec()
