"""The sitemap (sitemaps.org): an index, then pages, messages (5,000 a page) and news of each language.

A section is written entry by entry as its rows come from the database: what it takes of memory is its own text.
"""

from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from press.models import Edition, Kind
from press.models.edition import NEWEST_FIRST
from press.topics import counted_topics
from press.translations import translations_of, with_translations

XML = "application/xml"
NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
    "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9",
}
# Rows that are held at once.
CHUNK = 500
# What search engines' news want: the last two days, at most a thousand.
NEWS_SPAN = timedelta(days=2)
MOST_NEWS = 1000


class Section:
    """One sitemap of a language at the aware moment `at`."""

    limit = 5000

    def __init__(self, language, at):
        self.language = language
        self.at = at

    def items(self):
        """What it lists: a list or a queryset."""
        raise NotImplementedError

    def entry(self, item):
        """The path of an item, and what else its entry says, as XML."""
        raise NotImplementedError

    def changes(self):
        """When each page last changed, None where that is not known; there is at least one page."""
        return [None]

    def page(self, number):
        """The items of the page `number` (text, from 1). Raises EmptyPage, PageNotAnInteger."""
        return Paginator(self.items(), self.limit).page(number).object_list

    def written(self, items):
        """The XML of `items`, a piece at a time."""
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset'
        yield "".join(f" {name}={quoteattr(address)}" for name, address in NAMESPACES.items())
        yield ">\n"
        for item in items.iterator(CHUNK) if hasattr(items, "iterator") else items:
            path, more = self.entry(item)
            yield f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{more}</url>\n"
        yield "</urlset>\n"


class Pages(Section):
    """The pages that are always there, and those of the topics that messages have."""

    def items(self):
        """Names of addresses with their arguments."""
        names = ["home", "list", "archive", "topics", "search", "accessibility", "privacy", "api"]
        kinds = [("press:kind", (kind,)) for kind in Kind]
        topics = [("press:topic", (topic.slug,)) for topic, _count in counted_topics(self.language, self.at)]
        return [(f"press:{name}", ()) for name in names] + [("consular:contact", ())] + kinds + topics

    def entry(self, item):
        """The path in the language."""
        name, args = item
        with translation.override(self.language):
            return reverse(name, args=args), ""


class Messages(Section):
    """The messages of a language, oldest first so that full pages do not change."""

    def items(self):
        """The live editions with their addresses and translations."""
        found = with_translations(self._live().whole(), self.at).order_by(*NEWEST_FIRST).reverse()
        return found.only("published_on", "updated_at", "language", "address__slug", "address__language")

    def entry(self, item):
        """The path of the message, when readers were last told of a change, and the translations, itself among them."""
        path = item.get_absolute_url()
        pages = {item.language: path} | {each.language: each.url for each in translations_of(item)}
        changed = f"<lastmod>{localtime(item.updated_at):%Y-%m-%d}</lastmod>"
        if len(pages) == 1:
            return path, changed
        pages["x-default"] = pages.get(settings.LANGUAGE_CODE, path)
        links = (
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(settings.SITE_URL + page)}/>'
            for code, page in pages.items()
        )
        return path, changed + "".join(links)

    def changes(self):
        """When readers were last told of a change of any message on each page: one query over the language."""
        grouped = f"GROUP BY (place - 1) / {self.limit} ORDER BY (place - 1) / {self.limit}"
        place = Window(RowNumber(), order_by=[F("published_at").asc(), F("message_id").asc()])
        sql, params = self._live().annotate(place=place).values("place", "updated_at").query.sql_with_params()
        with connection.cursor() as cursor:
            # The inner statement is Django's own, its values are passed beside it.
            cursor.execute(f"SELECT max(updated_at) FROM ({sql}) each {grouped}", params)  # noqa: S608
            return [updated for (updated,) in cursor.fetchall()] or [None]

    def _live(self):
        return Edition.objects.live(self.at).filter(language=self.language)


class News(Section):
    """The messages of the last two days, as search engines for news want them."""

    limit = MOST_NEWS

    def items(self):
        """The live editions, newest first; what does not fit in is left out."""
        recent = Edition.objects.live(self.at).filter(language=self.language, published_at__gt=self.at - NEWS_SPAN)
        return list(recent.for_list()[:MOST_NEWS])

    def entry(self, item):
        """The path of the message, and what news are told of it."""
        publication = escape(settings.MISSION_NAME[self.language])
        return item.get_absolute_url(), (
            f"<news:news><news:publication><news:name>{publication}</news:name>"
            f"<news:language>{self.language}</news:language></news:publication>"
            f"<news:publication_date>{_moment(item.published_at)}</news:publication_date>"
            f"<news:title>{escape(item.title)}</news:title></news:news>"
        )


def _moment(moment):
    return localtime(moment).isoformat()


SECTIONS = {"pages": Pages, "messages": Messages, "news": News}


@require_safe
def index(request):
    """The addresses of all sitemaps."""
    found = []
    for language, _name in settings.LANGUAGES:
        for section, sitemap in SECTIONS.items():
            address = settings.SITE_URL + reverse("sitemap_section", args=[section, language])
            changes = sitemap(language, request.at).changes()
            found += [
                {"location": address + (f"?p={page}" if page > 1 else ""), "last_mod": changed}
                for page, changed in enumerate(changes, start=1)
            ]
    return render(request, "sitemap_index.xml", {"sitemaps": found}, content_type=XML)


@require_safe
def section(request, section, language):
    """One sitemap. Raises Http404: no such section, language or page."""
    if section not in SECTIONS or language not in dict(settings.LANGUAGES):
        raise Http404
    sitemap = SECTIONS[section](language, request.at)
    try:
        items = sitemap.page(request.GET.get("p", "1"))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    return HttpResponse(sitemap.written(items), content_type=XML)
