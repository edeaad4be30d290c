"""Lists of editions by page, from archives of any size.

The editions of a page are picked by their keys, from an index that holds all that the choice needs,
and walking from the nearer end of the list; only then are their texts read.
"""

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404

from press.models import Edition

PER_PAGE = 20


class Walk:
    """A list of `count` editions in the one order of every list, of which slices are read.

    `editions` are editions, or rows that hold the keys of editions in their column `key`.
    """

    ordered = True

    def __init__(self, editions, count, key):
        self.editions, self._count, self.key = editions, count, key

    def count(self):
        """How many there are."""
        return self._count

    def __getitem__(self, part):
        """The editions of the slice `part`, ready for a list."""
        start, stop = part.start, min(part.stop, self._count)
        newest_first = self.editions.newest_first()
        if start <= self._count - stop:
            keys = newest_first.values(self.key)[start:stop]
        else:
            keys = newest_first.reverse().values(self.key)[self._count - stop : self._count - start]
        return list(Edition.objects.filter(pk__in=keys).for_list())


def page_of(editions, count, number, key="pk"):
    """The page `number` (text, from 1) of the `count` live `editions` (see Walk). Raises Http404: no such page."""
    try:
        return Paginator(Walk(editions, count, key), PER_PAGE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
