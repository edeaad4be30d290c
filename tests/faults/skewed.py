"""The application under a clock that is wrong by as many seconds as the file OFFSET_FILE says, read anew each time."""

import os
from datetime import timedelta
from pathlib import Path

from embassy import clock
from embassy.wsgi import application

__all__ = ["application"]

true_now = clock.now


def skewed_now():
    """This moment, as a machine with a wrong clock sees it."""
    return true_now() + timedelta(seconds=int(Path(os.environ["OFFSET_FILE"]).read_text() or 0))


clock.now = skewed_now
