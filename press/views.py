"""The public pages of the press office: they read editions live at the request's moment, nothing else."""

from datetime import date
from functools import lru_cache

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from embassy import clock
from embassy.chain import Act
from embassy.page_cache.memo import once
from press import reading
from press.models import Edition, Kind
from press.models.edition import within
from press.neighbours import neighbours_of
from press.paging import page_by_parts
from press.rows import Rows, Whole
from press.shown_files import public_address, shown_files
from press.topics import topics_of
from press.translations import translations_of

LATEST = 10
MOST_WAYS = 1024


@require_safe
def home(request):
    """The featured message in full, else the newest, and the ten newest but it."""
    shown = reading.home(get_language(), request.at, LATEST)
    context = {
        "section": "home",
        "featured": Whole(shown.in_full, request.at),
        "editions": Rows(shown.newest, request.at),
    }
    return render(request, "press/home.html", context)


@require_safe
def message_list(request, kind=None, year=None, month=None):
    """All messages, or those of a kind, a year, a month; 20 a page. Raises Http404: no such month or page."""
    language = get_language()

    def readable():
        editions = Edition.objects.live(request.at).filter(language=language)
        return editions.filter(kind=kind) if kind else editions

    key = language, kind, year, month
    span = once(request, ("span", *key[:2]), lambda: _span(readable(), clock.host_date(request.at)))
    dates = within(*_first_days(year, month, span)) if year is not None else {}
    count = once(request, ("count", *key), lambda: readable().filter(**dates).count())
    listing = reading.Listing(language, kind, dates, request.at)
    far = once(request, ("far", *key), lambda: reading.Far(listing))
    page = page_by_parts(listing.part, request.at, count, request.GET.get("page", "1"), far)
    context = {
        "section": "messages",
        "heading": _heading(kind, year, month),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "breadcrumbs": _list_breadcrumbs(kind, year, month),
        "feeds": _feeds(kind),
        **once(request, ("choices", *key), lambda: _choices(kind, year, month, span)),
    }
    return render(request, "press/message_list.html", context)


@require_safe
def message(request, year, month, day, slug):
    """One message at its address; an old address of it redirects here. Raises Http404."""
    try:
        day_of_address = date(year, month, day)
    except ValueError as error:
        raise Http404 from error
    found = reading.standing_at(get_language())(at=request.at, day=day_of_address, slug=slug)
    if not found:
        raise Http404
    edition = found[0]
    if edition.get_absolute_url() != request.path:
        return redirect(edition, permanent=True)
    if edition.act == Act.REPLACE:
        return redirect(
            Edition.objects.standing(request.at).whole().get(message=edition.replaced_by_id), permanent=True
        )
    if not edition.has_text:
        return _without_text(request, edition)
    context = {**message_context(edition), **_around(edition, request.at), "translations": translations_of(edition)}
    # Where the frame's link to the other language leads.
    request.counterparts = {each.language: each.url for each in context["translations"]}
    return render(request, "press/message.html", context)


@require_safe
def api(request):
    """What programs may read, and how."""
    return render(request, "press/api.html", {"kinds": Kind.values})


def _without_text(request, edition):
    """The page in place of a text that is no longer published."""
    context = {
        "section": "messages",
        "breadcrumbs": _list_breadcrumbs(None, None, None, last_is_link=True),
        "edition": edition,
    }
    if edition.act == Act.RETRACT:
        return render(request, "press/retracted.html", context, status=410)
    return render(request, "press/withdrawn.html", context)


def message_context(edition, address=public_address):
    """What the page of `edition` needs of itself; a preview gives another `address` for its files."""
    return {
        "section": "messages",
        "edition": edition,
        "files": shown_files(edition, address),
        "topics": topics_of(edition),
        "breadcrumbs": _list_breadcrumbs(Kind(edition.kind), None, None, last_is_link=True),
    }


def _around(edition, at):
    """The notes readers were given so far, and the messages before and after."""
    earlier, later = neighbours_of(edition)
    return {
        "updates": reading.notes(at=at, message=edition.message_id) if edition.is_updated else [],
        "earlier": earlier,
        "later": later,
    }


def _span(readable, today):
    """The first and the last date that may hold messages: the oldest one's and today."""
    oldest = readable.order_by("published_at", "message_id").values_list("published_on", flat=True).first()
    return oldest or today, today


def _first_days(year, month, span):
    """The first day of the month or year and of the next. Raises Http404 outside the span."""
    try:
        first = date(year, 1 if month is None else month, 1)
        after = date(year + 1, 1, 1) if month in {None, 12} else date(year, month + 1, 1)
    except ValueError as error:
        raise Http404 from error
    if after <= span[0] or first > span[1]:
        raise Http404
    return first, after


def _url(kind, year=None, month=None):
    """The address of a list."""
    name = "month" if month else "year" if year else None
    if kind:
        name = f"kind_{name}" if name else "kind"
    args = [part for part in (kind, year, month) if part]
    return reverse(f"press:{name or 'list'}", args=args)


def _month_name(year, month):
    """The month within a heading or a breadcrumb, where Russian writes it with a small letter."""
    name = date_format(date(year, month, 1), "F Y")
    return name.lower() if get_language() == "ru" else name


def _heading(kind, year, month):
    what = str(kind.plural) if kind else gettext("All messages")
    when = _month_name(year, month) if month else str(year or "")
    return f"{what}, {when}" if when else what


def _list_breadcrumbs(kind, year, month, last_is_link=False):
    """The way from home to a list; the list itself is no link where it is the page shown."""
    return _crumbs(get_language(), kind, year, month, last_is_link)


@lru_cache(maxsize=MOST_WAYS)
def _crumbs(_language, kind, year, month, last_is_link):
    crumbs = [{"label": gettext("Home"), "url": reverse("press:home")}]
    crumbs.append({"label": gettext("All messages"), "url": _url(None)})
    if kind:
        crumbs.append({"label": str(kind.plural), "url": _url(kind)})
    if year:
        crumbs.append({"label": str(year), "url": _url(kind, year)})
    if month:
        crumbs.append({"label": _month_name(year, month), "url": ""})
    if not last_is_link:
        crumbs[-1]["url"] = ""
    return crumbs


def _choices(kind, year, month, span):
    """The lists that a list leads to."""
    return {
        "kinds": _kind_choices(kind, year, month),
        "years": _year_choices(kind, year, span),
        "months": _month_choices(kind, year, month, span) if year else [],
    }


def _kind_choices(kind, year, month):
    choices = [{"label": gettext("All"), "url": _url(None, year, month), "current": kind is None}]
    return choices + [{"label": each.plural, "url": _url(each, year, month), "current": each == kind} for each in Kind]


def _year_choices(kind, year, span):
    choices = [{"label": gettext("All"), "url": _url(kind), "current": year is None}]
    years = range(span[1].year, span[0].year - 1, -1)
    return choices + [{"label": str(each), "url": _url(kind, each), "current": each == year} for each in years]


def _month_choices(kind, year, month, span):
    months = [
        first
        for first in (date(year, number, 1) for number in range(1, 13))
        if span[0].replace(day=1) <= first <= span[1]
    ]
    choices = [{"label": gettext("All"), "url": _url(kind, year), "current": month is None}]
    return choices + [
        {
            "label": date_format(first, "F"),
            "url": _url(kind, year, first.month),
            "current": first.month == month,
        }
        for first in months
    ]


def _feeds(kind):
    args = [kind] if kind else []
    prefix = "press:kind_" if kind else "press:"
    return [
        {"title": "Atom", "url": reverse(f"{prefix}atom", args=args), "type": "application/atom+xml"},
        {"title": "RSS", "url": reverse(f"{prefix}rss", args=args), "type": "application/rss+xml"},
        {"title": "JSON", "url": reverse(f"{prefix}json", args=args), "type": "application/feed+json"},
    ]
