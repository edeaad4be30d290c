"""Parts that many pages share, computed once for a stamp: how many messages there are, the frame of a page.

It is as true as a kept page is: a part that a change overtook can only get into pages that the same
change overtook, and those are rendered again under the next stamp (docs/decisions/page-cache.md).
"""

from threading import Lock

from embassy.page_cache.gate import STAMP

# Far more than the lists of an archive have; whoever asks for more gets them computed anew.
MOST = 4096


class Memo:
    """The parts of the newest stamp, by key."""

    def __init__(self):
        self._stamp, self._parts = None, {}
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
        if len(parts) < MOST:
            parts[key] = computed
        return computed

    def _of(self, stamp):
        """The parts of `stamp`; none but new ones where there is a newer stamp already."""
        with self._lock:
            if self._stamp is None or stamp > self._stamp:
                self._stamp, self._parts = stamp, {}
            return self._parts if stamp == self._stamp else {}


once = Memo().once
