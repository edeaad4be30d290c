"""The secret key of a checkout that was given none."""

import os

from django.core.management.utils import get_random_secret_key


def local_secret_key(path):
    """Return the key kept in `path`, made once, readable by its owner only."""
    path.parent.mkdir(mode=0o755, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()
