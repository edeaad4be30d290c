"""gunicorn's own lines in the form of all others: it would name the address of whoever sends what it refuses."""

import os

from django.conf import settings
from gunicorn import glogging

from embassy import json_log


class Logger(glogging.Logger):
    """gunicorn's logger; its access log stays off, as its configuration has it."""

    def setup(self, cfg):
        """Give its handlers the application's format, if that is one for machines."""
        super().setup(cfg)
        # The server is set up before the application that it serves.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")
        if settings.LOG_FORMAT == "json":
            for handler in self.error_log.handlers:
                handler.setFormatter(json_log.Formatter())
