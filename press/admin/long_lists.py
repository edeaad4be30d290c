"""The office's lists at any length: what they cost does not grow with the archive.

Django's own admin counts all rows, and looks at all of them for the dates to choose from.
"""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# Nobody turns more pages than these; dates, filters and the search lead to the rest.
MOST = 2_000
FIELD = "published_on"


class BoundedPaginator(Paginator):
    """The first 2,000 rows of a list, and whether there are more."""

    @cached_property
    def counted(self):
        """How many rows there are, up to one more than are listed."""
        return self.object_list.order_by().values("pk")[: MOST + 1].count()

    @cached_property
    def count(self):
        """How many rows are listed."""
        return min(self.counted, MOST)

    @property
    def is_cut(self):
        """Whether there are more rows than are listed."""
        return self.counted > MOST


def dates_of(cl):
    """What admin/date_hierarchy.html shows above the change list `cl`: years, months or days of the whole section."""
    year, month, day = (int(cl.params.get(f"{FIELD}__{part}") or 0) for part in ("year", "month", "day"))
    published = cl.root_queryset.exclude(**{FIELD: None})
    if year and month:
        return _days(cl, published, year, month, day)
    span = published.aggregate(first=Min(FIELD), last=Max(FIELD))
    if not span["first"]:
        return {"show": False}
    if year:
        months = (date(year, number, 1) for number in range(1, 13))
        within = [m for m in months if span["first"].replace(day=1) <= m <= span["last"]]
        back = {"link": _link(cl), "title": _("All dates")}
        return {"show": True, "back": back, "choices": [_month(cl, first) for first in within]}
    years = range(span["first"].year, span["last"].year + 1)
    return {"show": True, "choices": [{"link": _link(cl, year=number), "title": str(number)} for number in years]}


def _days(cl, published, year, month, day):
    if day:
        shown = [{"title": capfirst(date_format(date(year, month, day), "j E"))}]
        return {"show": True, "back": _month(cl, date(year, month, 1)), "choices": shown}
    found = published.filter(**{f"{FIELD}__year": year, f"{FIELD}__month": month}).dates(FIELD, "day")
    choices = [
        {
            "link": _link(cl, year=year, month=month, day=each.day),
            "title": capfirst(date_format(each, "j E")),
        }
        for each in found
    ]
    return {"show": True, "back": {"link": _link(cl, year=year), "title": str(year)}, "choices": choices}


def _month(cl, first):
    title = capfirst(date_format(first, "YEAR_MONTH_FORMAT"))
    return {"link": _link(cl, year=first.year, month=first.month), "title": title}


def _link(cl, **parts):
    return cl.get_query_string({f"{FIELD}__{name}": number for name, number in parts.items()}, [f"{FIELD}__"])
