#!/usr/bin/env python
"""Django's command line; a wrong setting, or a database that is gone, is one sentence and exit status 1."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main():
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        sys.exit(str(error).strip())


if __name__ == "__main__":
    main()
