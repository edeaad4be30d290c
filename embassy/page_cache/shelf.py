"""Where answers are kept: one for each address, within a bound of memory."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

# The moment and the Stamp a page is rendered for, in the environ of its request.
MOMENT, STAMP = "embassy.moment", "embassy.stamp"
# The error that kept the page cache from learning the version.
FAILURE = "embassy.failure"
# What the page cache did for a request, in its environ: "kept" or "rendered"; nothing where it let it pass.
OUTCOME = "embassy.outcome"


class Stamp(NamedTuple):
    """What an answer was true under: the version of all that is public, and the minute (since 1970)."""

    version: int
    minute: int


class Shelf:
    """Answers by address, each the newest of its own; who was not asked for longest makes room.

    `capacity` is in bytes; an answer that would take more than an eighth of it is not kept.
    """

    def __init__(self, capacity):
        self.capacity = capacity
        self.size = 0
        self._kept = OrderedDict()
        self._lock = Lock()

    def __len__(self):
        return len(self._kept)

    def get(self, address, stamp):
        """The answer of `address` under exactly this `stamp`, or None."""
        with self._lock:
            kept = self._kept.get(address)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(address)
            return kept[1]

    def put(self, address, stamp, answer):
        """Keep `answer` in the place of an older one of the same address."""
        if answer.size * 8 > self.capacity:
            return
        with self._lock:
            before = self._kept.get(address)
            # Who was slower to render must not put the past in the place of the present.
            if before and before[0] > stamp:
                return
            self.size += answer.size - (before[1].size if before else 0)
            self._kept[address] = (stamp, answer)
            self._kept.move_to_end(address)
            while self.size > self.capacity:
                _address, (_stamp, oldest) = self._kept.popitem(last=False)
                self.size -= oldest.size
