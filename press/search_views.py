"""The search page: what live editions hold the words, best first."""

from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from embassy import clock
from press.extracts import extract, whole
from press.models import Edition, Kind
from press.search import find, readable_query, with_hits
from press.search_counts import CountingResponse, count_search

PER_PAGE = 10


# Every search is another page: kept ones would push the pages that everybody reads out of every cache,
# and would not be counted.
@cache_control(private=True, no_store=True)
@require_safe
def search(request):
    """The page with the form and, where words are given, what they find. Raises Http404: no such filter or page."""
    text = readable_query(request.GET.get("q", ""))
    language = get_language()
    readable = Edition.objects.live(request.at).filter(language=language)
    kind, year = _kind(request.GET.get("kind", "")), _year(request.GET.get("year", ""))
    context = {"section": "search", "query": text, "kind": kind, "year": year}
    found = None
    if text:
        found = find(_filtered(readable, kind, year), text, language, request.at)
        context |= _results(request, found, text, kind, year)
        context["kinds"] = _kind_choices(text, kind, year)
        context["years"] = _year_choices(readable, request.at, text, kind, year)
    elif request.GET.get("page", "1") != "1":
        raise Http404
    response = CountingResponse(render_to_string("press/search.html", context, request))
    if request.method == "GET" and found and not (kind or year) and context["page"].number == 1:
        day, nothing = clock.host_date(request.at), not found.keys
        response.afterwards = partial(count_search, text, language, day, nothing)
    return response


def _filtered(readable, kind, year):
    if kind:
        readable = readable.filter(kind=kind)
    if year:
        readable = readable.filter(published_on__year=year)
    return readable


def _results(request, found, text, kind, year):
    """The page of results and what is said of all of them."""
    paginator = Paginator(found.keys, PER_PAGE)
    try:
        page = paginator.page(request.GET.get("page", "1"))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    editions = with_hits(page.object_list, found)
    for edition in editions:
        edition.hit_title = whole(edition.title, edition.marked_title)
        teaser = whole(edition.teaser, edition.marked_teaser)
        edition.hit_text = extract(edition.plain_text, edition.marked_text) or teaser
    return {
        "page": page,
        "pages": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "editions": editions,
        "is_cut": found.is_cut,
        "has_some_words": found.has_some_words,
        "first_page": _address(text, kind, year),
        "page_prefix": f"{_address(text, kind, year)}&page=",
        "elsewhere": _elsewhere(text),
    }


def _elsewhere(text):
    """The same search among the messages of the other languages."""
    choices = []
    for code in (code for code, _name in settings.LANGUAGES if code != get_language()):
        with translation.override(code):
            url = _address(text, None, None)
        choices.append({"code": code, "name": translation.get_language_info(code)["name_local"], "url": url})
    return choices


def _kind(slug):
    try:
        return Kind.of_slug(slug) if slug else None
    except KeyError as error:
        raise Http404 from error


def _year(text):
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and text >= "0001"):
        raise Http404
    return int(text)


def _address(text, kind, year):
    """The address of a search, its first page."""
    words = {"q": text, "kind": kind and kind.slug, "year": year}
    return f"{reverse('press:search')}?{urlencode({name: value for name, value in words.items() if value})}"


def _kind_choices(text, kind, year):
    choices = [{"label": gettext("All"), "url": _address(text, None, year), "current": kind is None}]
    return choices + [
        {"label": each.plural, "url": _address(text, each, year), "current": each == kind} for each in Kind
    ]


def _year_choices(readable, at, text, kind, year):
    oldest = readable.order_by("published_at", "message_id").values_list("published_on", flat=True).first()
    today = clock.host_date(at)
    choices = [{"label": gettext("All"), "url": _address(text, kind, None), "current": year is None}]
    return choices + [
        {"label": str(each), "url": _address(text, kind, each), "current": each == year}
        for each in range(today.year, (oldest or today).year - 1, -1)
    ]
