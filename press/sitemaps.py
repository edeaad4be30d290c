"""The sitemap (sitemaps.org): an index, then pages, messages (5,000 a page) and news of each language."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from press.models import Edition, Kind
from press.models.edition import NEWEST_FIRST
from press.topics import counted_topics

XML = "application/xml"
# What search engines' news want: the last two days, at most a thousand.
NEWS_SPAN = timedelta(days=2)
MOST_NEWS = 1000


class OfSite(Sitemap):
    """A sitemap whose addresses begin with SITE_URL, whatever host the request named."""

    template = "sitemap.xml"

    def __init__(self, language, at):
        self.language = language
        self.at = at

    @property
    def protocol(self):
        """The scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme

    def entries(self, page):
        """The entries of one page, as Django's template wants them. Raises EmptyPage, PageNotAnInteger."""
        return self.get_urls(page, SimpleNamespace(domain=urlsplit(settings.SITE_URL).netloc))

    def changes(self):
        """When each page last changed, None where that is not known; there is at least one page."""
        return [None]


class Pages(OfSite):
    """The pages that are always there."""

    def items(self):
        """Names of addresses with their arguments."""
        names = ["home", "list", "archive", "topics", "search", "accessibility", "privacy", "api"]
        kinds = [("press:kind", (kind,)) for kind in Kind]
        topics = [("press:topic", (topic.slug,)) for topic, _count in counted_topics(self.language, self.at)]
        return [(f"press:{name}", ()) for name in names] + [("consular:contact", ())] + kinds + topics

    def location(self, item):
        """The path in the language."""
        name, args = item
        with translation.override(self.language):
            return reverse(name, args=args)


class Messages(OfSite):
    """The messages of a language, oldest first so that full pages do not change."""

    limit = 5000

    def items(self):
        """The live editions: of each the reader's date, the address's last part and when readers were last told."""
        return self._live().order_by(*NEWEST_FIRST).reverse().values_list("published_on", "address__slug", "updated_at")

    def location(self, item):
        """The path of the message."""
        day, slug, _updated = item
        with translation.override(self.language):
            return reverse("press:message", args=[day.year, day.month, day.day, slug])

    def lastmod(self, item):
        """When readers were last told of a change."""
        return item[2]

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


class News(OfSite):
    """The messages of the last two days, as search engines for news want them."""

    template = "press/sitemap_news.xml"
    limit = MOST_NEWS

    def items(self):
        """The live editions, newest first; what does not fit in is left out."""
        recent = Edition.objects.live(self.at).filter(language=self.language, published_at__gt=self.at - NEWS_SPAN)
        return list(recent.for_list()[:MOST_NEWS])


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
        entries = sitemap.entries(request.GET.get("p", "1"))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    context = {"urlset": entries, "language": language, "publication": settings.MISSION_NAME[language]}
    return render(request, sitemap.template, context, content_type=XML)
