"""The archive at a glance: how many messages each year, month and kind has."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from press.models import Edition, Kind


@dataclass
class Span:
    """A year or a month: what it is called, where its messages are listed, how many there are."""

    label: str
    url: str
    count: int = 0
    kinds: list = field(default_factory=list)
    months: list = field(default_factory=list)


@require_safe
def archive(request):
    """Years, newest first, with their months and kinds; one query over the language, on this page alone."""
    readable = Edition.objects.live(request.at).filter(language=get_language())
    counted = readable.order_by().values_list("published_on__year", "published_on__month", "kind").annotate(Count("pk"))
    years = _years(counted)
    context = {
        "section": "messages",
        "years": years,
        "count": sum(year.count for year in years),
        "breadcrumbs": [
            {"label": gettext("Home"), "url": reverse("press:home")},
            {"label": gettext("All messages"), "url": reverse("press:list")},
            {"label": gettext("Archive"), "url": ""},
        ],
    }
    return render(request, "press/archive.html", context)


def _years(counted):
    """`counted` are (year, month, kind, how many)."""
    by_month, by_kind = Counter(), Counter()
    for year, month, kind, count in counted:
        by_month[year, month] += count
        by_kind[year, kind] += count
    return [_year(year, by_month, by_kind) for year in sorted({year for year, _month in by_month}, reverse=True)]


def _year(year, by_month, by_kind):
    months = [
        Span(date_format(date(year, month, 1), "F"), reverse("press:month", args=[year, month]), by_month[year, month])
        for month in range(1, 13)
        if by_month[year, month]
    ]
    kinds = [
        Span(kind.plural, reverse("press:kind_year", args=[kind, year]), by_kind[year, kind])
        for kind in Kind
        if by_kind[year, kind]
    ]
    count = sum(month.count for month in months)
    return Span(str(year), reverse("press:year", args=[year]), count, kinds, months)
