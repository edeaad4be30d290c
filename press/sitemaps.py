"""The sitemap (sitemaps.org): an index, then pages, messages by year and news of each language.

A section is written entry by entry as its rows come from the database: what it takes of memory is its own text.
"""

from datetime import MAXYEAR, MINYEAR, date, timedelta
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from embassy import clock
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
# What a sitemap may hold: so many messages in a year would be 137 a day.
MOST = 50_000
# What search engines' news want: the last two days, at most a thousand.
NEWS_SPAN = timedelta(days=2)
MOST_NEWS = 1000


class Section:
    """One sitemap of a language at the aware moment `at`."""

    def __init__(self, language, at):
        self.language = language
        self.at = at

    def items(self):
        """What it lists: a list or a queryset."""
        raise NotImplementedError

    def entry(self, item):
        """The path of an item, and what else its entry says, as XML."""
        raise NotImplementedError

    def is_there(self):
        """Whether there is such a sitemap, be it empty."""
        return True

    def written(self):
        """Its XML, a piece at a time."""
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset'
        yield "".join(f" {name}={quoteattr(address)}" for name, address in NAMESPACES.items())
        yield ">\n"
        items = self.items()
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
    """The messages of a language and a year, oldest first so that those of a year that is over do not move."""

    def __init__(self, language, at, year):
        super().__init__(language, at)
        self.year = year

    def items(self):
        """The live editions with their addresses and translations."""
        found = with_translations(self._live().whole(), self.at).order_by(*NEWEST_FIRST).reverse()
        return found.only("published_on", "updated_at", "language", "address__slug", "address__language")[:MOST]

    def is_there(self):
        """Whether the year has messages."""
        return self._live().exists()

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

    def _live(self):
        days = date(self.year, 1, 1), date(self.year + 1, 1, 1)
        return Edition.objects.live(self.at).filter(language=self.language).published_within(*days)


class News(Section):
    """The messages of the last two days, as search engines for news want them."""

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


SECTIONS = {"pages": Pages, "news": News}


def years(language, at):
    """The years that have messages of a language live at the aware moment `at`, oldest first.

    Pairs of the year and the moment at which readers were last told of a change of a message of that year.
    """
    live = Edition.objects.live(at).filter(language=language)
    oldest = live.order_by("published_at", "message_id").values("published_on__year")[:1]
    in_year = live.filter(published_on__year=RawSQL("year", ()))
    newest = in_year.order_by("-updated_at").values("updated_at")[:1]
    (first, first_params), (changed, params) = (each.query.sql_with_params() for each in (oldest, newest))
    with connection.cursor() as cursor:
        # The inner statements are Django's own, their values are passed beside them.
        cursor.execute(
            f"SELECT year, updated_at FROM generate_series(({first})::int, %s) year, LATERAL ({changed}) newest"  # noqa: S608
            " ORDER BY year",
            [*first_params, clock.host_date(at).year, *params],
        )
        return cursor.fetchall()


@require_safe
def index(request):
    """The addresses of all sitemaps, and when those of messages last changed."""
    found = []
    for language, _name in settings.LANGUAGES:
        found.append(_indexed("sitemap_section", "pages", language))
        for year, changed in years(language, request.at):
            found.append({**_indexed("sitemap_messages", language, year), "last_mod": changed})
        found.append(_indexed("sitemap_section", "news", language))
    return render(request, "sitemap_index.xml", {"sitemaps": found}, content_type=XML)


def _indexed(name, *args):
    return {"location": settings.SITE_URL + reverse(name, args=args)}


@require_safe
def section(request, section, language):
    """The pages or the news. Raises Http404: no such section or language."""
    if section not in SECTIONS:
        raise Http404
    return _answer(SECTIONS[section], language, request.at)


@require_safe
def messages(request, language, year):
    """The messages of a year. Raises Http404: no such language, or nothing in that year."""
    if not MINYEAR <= year < MAXYEAR:
        raise Http404
    return _answer(Messages, language, request.at, year)


def _answer(section, language, *which):
    if language not in dict(settings.LANGUAGES):
        raise Http404
    sitemap = section(language, *which)
    if not sitemap.is_there():
        raise Http404
    return HttpResponse(sitemap.written(), content_type=XML)
