"""Log lines as JSON, one object a line: no value can pretend to be another line.

Without personal data: no address, no name, no query string (embassy.impersonal). The audit log (logger
"audit") says who and from where, because that is what it is for.
"""

import json
import logging
from datetime import UTC, datetime

from embassy.current_request import current_request
from embassy.impersonal import impersonal


class Formatter(logging.Formatter):
    """A record as one JSON object: at (UTC), level, logger, message, request, and what goes with it."""

    def format(self, record):
        """The line, without its end."""
        # Django tells of a refused request when it has been answered, and says which one it was.
        request = current_request() or getattr(record, "request", None)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": impersonal(record.getMessage()),
        }
        if identifier := getattr(request, "id", None):
            line["request"] = identifier
        if audit := getattr(record, "audit", None):
            line["audit"] = audit
        if record.exc_info:
            line["exception"] = impersonal(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
