"""Parts that many pages share, computed once: how many messages there are, the frame, a row of a list.

A part of a stamp is as true as a kept page is: one that a change overtook can only get into pages
that the same change overtook, and those are rendered again under the next stamp. A part of what
never changes, as an edition, is true for ever (docs/decisions/page-cache.md).
"""

from collections import OrderedDict
from threading import Lock

from embassy.page_cache.shelf import STAMP

# Far more than the lists of an archive have; whoever asks for more gets them computed anew.
MOST_OF_STAMP = 4096
# Rows of lists have about half a kilobyte.
MOST_FOR_EVER = 8192


class Memo:
    """The parts of the newest stamp, and those of what never changes, by key."""

    def __init__(self):
        self._stamp, self._parts = None, {}
        self._for_ever = OrderedDict()
        self._lock = Lock()

    def once(self, request, key, compute):
        """What `compute()` returns, computed once for the request's stamp and `key`; anew where it has none."""
        stamp = request.environ.get(STAMP)
        if stamp is None:
            return compute()
        parts = self._of(stamp)
        if key in parts:
            return parts[key]
        computed = compute()
        if len(parts) < MOST_OF_STAMP:
            parts[key] = computed
        return computed

    def once_for_ever(self, request, key, compute):
        """What `compute()` returns for a `key` that names something that never changes; the oldest make room."""
        if STAMP not in request.environ:
            return compute()
        with self._lock:
            if key in self._for_ever:
                self._for_ever.move_to_end(key)
                return self._for_ever[key]
        computed = compute()
        with self._lock:
            self._for_ever[key] = computed
            if len(self._for_ever) > MOST_FOR_EVER:
                self._for_ever.popitem(last=False)
        return computed

    def forget(self):
        """Keep nothing any more."""
        with self._lock:
            self._stamp, self._parts = None, {}
            self._for_ever.clear()

    def _of(self, stamp):
        """The parts of `stamp`; none but new ones where there is a newer stamp already."""
        with self._lock:
            if self._stamp is None or stamp > self._stamp:
                self._stamp, self._parts = stamp, {}
            return self._parts if stamp == self._stamp else {}


memo = Memo()
once, once_for_ever = memo.once, memo.once_for_ever
