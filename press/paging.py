"""Lists of editions by page, from archives of any size.

The editions of a page are picked by their keys, from an index that holds all that the choice needs,
and walking from the nearer end of the list or from a milestone (press.reading); only then are their
texts read (press.rows).
"""

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404

from press.rows import Rows

PER_PAGE = 20
# From here on walking there costs more than the page.
FAR = 1000


class Walk:
    """A list of `count` editions live at `at`, in the order of every list; slices are found by `part` (see part_of).

    What is far from both ends is found by `far(start, stop)`, where there is such a way and it does not return None.
    """

    ordered = True

    def __init__(self, part, at, count, far=None):
        self.part, self.at, self.far, self._count = part, at, far, count

    def count(self):
        """How many there are."""
        return self._count

    def __getitem__(self, wanted):
        """The Rows of the slice `wanted`."""
        start, stop = wanted.start, min(wanted.stop, self._count)
        from_the_end = self._count - stop, self._count - start
        is_far = self.far and min(start, from_the_end[0]) >= FAR
        if is_far and (keys := self.far(start, stop)) is not None:
            return Rows(keys, self.at)
        if start <= from_the_end[0]:
            return Rows(self.part(start, stop), self.at)
        return Rows(reversed(self.part(*from_the_end, from_the_end=True)), self.at)


def part_of(editions, key, start, stop, from_the_end=False):
    """The keys of the editions from `start` until before `stop` of a list, or so many from its end, the last first.

    `editions` are editions, or rows that hold the keys of editions in their column `key`.
    """
    in_order = editions.newest_first().reverse() if from_the_end else editions.newest_first()
    return in_order.values_list(key, flat=True)[start:stop]


def page_of(editions, at, count, number, key="pk"):
    """The page `number` of `editions` live at the aware moment `at` (see part_of), as `page_by_parts`."""

    def part(*bounds, **which):
        return list(part_of(editions, key, *bounds, **which))

    return page_by_parts(part, at, count, number)


def page_by_parts(part, at, count, number, far=None):
    """The page `number` (text, from 1) of `count` editions (see Walk). Raises Http404: there is no such page."""
    try:
        return Paginator(Walk(part, at, count, far), PER_PAGE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
