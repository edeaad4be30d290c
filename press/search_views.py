"""The search page: what live editions hold the words, best first."""

import re
from functools import partial
from typing import NamedTuple
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
from press.models import Edition, Kind, topic
from press.search import find, readable_query, with_hits
from press.search_counts import CountingResponse, count_search
from press.topics import carries, topics_in

PER_PAGE = 10


class Choice(NamedTuple):
    """What a search is narrowed to; None where it is not."""

    kind: Kind | None = None
    # Its slug.
    topic: str | None = None
    year: int | None = None

    def of(self, readable):
        """Those of the editions `readable` that are chosen."""
        if self.kind:
            readable = readable.filter(kind=self.kind)
        if self.topic:
            readable = readable.filter(carries(self.topic))
        if self.year:
            readable = readable.filter(published_on__year=self.year)
        return readable


# Every search is another page: kept ones would push the pages that everybody reads out of every cache,
# and would not be counted.
@cache_control(private=True, no_store=True)
@require_safe
def search(request):
    """The page with the form and, where words are given, what they find. Raises Http404: no such filter or page."""
    text = readable_query(request.GET.get("q", ""))
    language = get_language()
    readable = Edition.objects.live(request.at).filter(language=language)
    chosen = Choice(
        _kind(request.GET.get("kind", "")), _topic(request.GET.get("topic", "")), _year(request.GET.get("year", ""))
    )
    context = {"section": "search", "query": text, "chosen": chosen}
    found = None
    if text:
        found = find(chosen.of(readable), text, language, request.at)
        context |= _results(request, found, text, chosen)
        context["kinds"] = _kind_choices(text, chosen)
        context["topics"] = _topic_choices(request.at, text, chosen)
        context["years"] = _year_choices(readable, request.at, text, chosen)
    elif request.GET.get("page", "1") != "1":
        raise Http404
    response = CountingResponse(render_to_string("press/search.html", context, request))
    if request.method == "GET" and found and not any(chosen) and context["page"].number == 1:
        day, nothing = clock.host_date(request.at), not found.keys
        response.afterwards = partial(count_search, text, language, day, nothing)
    return response


def _results(request, found, text, chosen):
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
        "first_page": _address(text, chosen),
        "page_prefix": f"{_address(text, chosen)}&page=",
        "elsewhere": _elsewhere(text),
    }


def _elsewhere(text):
    """The same search among the messages of the other languages."""
    choices = []
    for code in (code for code, _name in settings.LANGUAGES if code != get_language()):
        with translation.override(code):
            url = _address(text, Choice())
        choices.append({"code": code, "name": translation.get_language_info(code)["name_local"], "url": url})
    return choices


def _kind(slug):
    try:
        return Kind.of_slug(slug) if slug else None
    except KeyError as error:
        raise Http404 from error


def _topic(slug):
    """The slug, whether or not there is such a topic: what nobody knows has no messages."""
    if slug and not re.fullmatch(topic.SLUG, slug):
        raise Http404
    return slug or None


def _year(text):
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and text >= "0001"):
        raise Http404
    return int(text)


def _address(text, chosen):
    """The address of a search, its first page."""
    words = {"q": text, "kind": chosen.kind and chosen.kind.slug, "topic": chosen.topic, "year": chosen.year}
    return f"{reverse('press:search')}?{urlencode({name: value for name, value in words.items() if value})}"


def _choices(text, chosen, name, values):
    """The links that set `name` of what is chosen to none, or to one of `values` (pairs of value and label)."""
    return [
        {
            "label": label,
            "url": _address(text, chosen._replace(**{name: value})),
            "current": getattr(chosen, name) == value,
        }
        for value, label in [(None, gettext("All")), *values]
    ]


def _kind_choices(text, chosen):
    return _choices(text, chosen, "kind", [(each, each.plural) for each in Kind])


def _topic_choices(at, text, chosen):
    """The topics of this language's messages; none where there are none."""
    topics = [(each.slug, each.name) for each in topics_in(get_language(), at)]
    return _choices(text, chosen, "topic", topics) if topics else []


def _year_choices(readable, at, text, chosen):
    oldest = readable.order_by("published_at", "message_id").values_list("published_on", flat=True).first()
    today = clock.host_date(at)
    years = range(today.year, (oldest or today).year - 1, -1)
    return _choices(text, chosen, "year", [(each, str(each)) for each in years])
