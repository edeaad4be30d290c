"""Progress for people: a bar on standard error, where it is a terminal."""

import sys
from functools import partial

from tqdm import tqdm


def bar(words, total, unit):
    """A progress bar for a part of the work; `total` may be None."""
    return tqdm(desc=words, total=total, unit=unit, unit_scale=True, file=sys.stderr, disable=None)


# For whoever wants none.
none = partial(tqdm, disable=True)


def silent(words, total, unit):
    """A bar that nobody sees."""
    return none(total=total)
