"""What commands are given on the command line: each function is a `type` of argparse, which tells of its ValueError."""

import math
from argparse import ArgumentTypeError
from datetime import time
from pathlib import Path


def path(text):
    """A Path: "" would be the folder that somebody happens to be in; what is no UTF-8, the audit log refuses."""
    if not text:
        raise ArgumentTypeError("is empty; it must be a path")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArgumentTypeError(f"{text!r} is not UTF-8") from error
    return Path(text)


def count(text):
    """A whole number that is not negative."""
    number = int(text)
    if number < 0:
        raise ArgumentTypeError(f"{number} is negative")
    return number


def seconds(text):
    """A number of seconds, not negative and with an end."""
    number = float(text)
    if not math.isfinite(number) or number < 0:
        raise ArgumentTypeError(f"{number} is no time to wait")
    return number


def time_of_utc(text):
    """A time of the day, which is UTC's: one with an offset would be taken for another."""
    at = time.fromisoformat(text)
    if at.tzinfo:
        raise ArgumentTypeError(f"{text} has an offset; it must be a time of UTC, like 02:30")
    return at
