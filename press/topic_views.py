"""The pages of topics: all of them, and the messages of each.

A topic that only drafts or scheduled texts have is like one that is not there. One that readers have met
keeps its page in every language of the site, with or without messages.
"""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from embassy.page_cache.memo import once
from press.models import EditionTopic
from press.paging import page_of
from press.topics import counted_topics, known_topic


@require_safe
def topic_list(request):
    """The topics that messages in this language have, with their counts; one query, on this page alone."""
    context = {
        "section": "messages",
        "topics": counted_topics(get_language(), request.at),
        "breadcrumbs": [*_ways(), {"label": gettext("Topics"), "url": ""}],
    }
    return render(request, "press/topics.html", context)


@require_safe
def topic(request, slug):
    """The messages about one topic, 20 a page. Raises Http404: no topic that readers know, or no such page."""
    found = known_topic(slug, request.at)
    rows = EditionTopic.objects.live(request.at).filter(topic=found, language=get_language())
    count = once(request, ("topic", get_language(), slug), rows.count)
    page = page_of(rows, request.at, count, request.GET.get("page", "1"), "edition")
    context = {
        "section": "messages",
        "heading": found.name,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "breadcrumbs": [
            *_ways(),
            {"label": gettext("Topics"), "url": reverse("press:topics")},
            {"label": found.name, "url": ""},
        ],
        "feeds": [
            {"title": title, "url": reverse(f"press:topic_{form}", args=[slug]), "type": content_type}
            for title, form, content_type in (
                ("Atom", "atom", "application/atom+xml"),
                ("RSS", "rss", "application/rss+xml"),
                ("JSON", "json", "application/feed+json"),
            )
        ],
    }
    return render(request, "press/message_list.html", context)


def _ways():
    return [
        {"label": gettext("Home"), "url": reverse("press:home")},
        {"label": gettext("All messages"), "url": reverse("press:list")},
    ]
