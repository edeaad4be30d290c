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
# Of characters or bytes. Rows of lists have about half a kilobyte, entries of feeds a few.
MOST_FOR_EVER = 4 * 2**20


class Memo:
    """The parts of the newest stamp, and those of what never changes, by key."""

    def __init__(self):
        self._stamp, self._parts = None, {}
        self._for_ever, self._size = OrderedDict(), 0
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

    def each_for_ever(self, request, key, things, compute):
        """What `compute` makes of each of `things`, which never change, in their order: computed once for it and `key`.

        `things` know their `keys`, and `read` the things of some keys as {key: thing}: those that are not known yet,
        and as far as they are still there.
        The parts asked for longest ago make room.
        """
        known = self._known(key, things.keys) if STAMP in request.environ else {}
        unknown = [each for each in things.keys if each not in known]
        if unknown:
            computed = {each: compute(thing) for each, thing in things.read(unknown).items()}
            known |= computed
            if STAMP in request.environ:
                self._keep(key, computed)
        return [known[each] for each in things.keys if each in known]

    def _known(self, key, keys):
        with self._lock:
            found = {each: self._for_ever[key, each] for each in keys if (key, each) in self._for_ever}
            for each in found:
                self._for_ever.move_to_end((key, each))
        return found

    def _keep(self, key, computed):
        with self._lock:
            for each, part in computed.items():
                self._size += len(part) - len(self._for_ever.pop((key, each), ""))
                self._for_ever[key, each] = part
            while self._size > MOST_FOR_EVER:
                _key, part = self._for_ever.popitem(last=False)
                self._size -= len(part)

    def forget(self):
        """Keep nothing any more."""
        with self._lock:
            self._stamp, self._parts = None, {}
            self._for_ever.clear()
            self._size = 0

    def _of(self, stamp):
        """The parts of `stamp`; none but new ones where there is a newer stamp already."""
        with self._lock:
            if self._stamp is None or stamp > self._stamp:
                self._stamp, self._parts = stamp, {}
            return self._parts if stamp == self._stamp else {}


memo = Memo()
once, each_for_ever = memo.once, memo.each_for_ever
