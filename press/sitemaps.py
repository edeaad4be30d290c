"""The sitemap (sitemaps.org): an index, then the lists and the messages of each language, 5,000 a page."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from press.models import Edition, Kind

XML = "application/xml"


class OfSite(Sitemap):
    """A sitemap whose addresses begin with SITE_URL, whatever host the request named."""

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


class Pages(OfSite):
    """The pages that are always there."""

    def items(self):
        """Names of addresses with their arguments."""
        names = ["press:home", "press:list", "consular:contact", "press:accessibility", "press:privacy"]
        return [(name, ()) for name in names] + [("press:kind", (kind,)) for kind in Kind]

    def location(self, item):
        """The path in the language."""
        name, args = item
        with translation.override(self.language):
            return reverse(name, args=args)


class Messages(OfSite):
    """The messages of a language, oldest first so that full pages do not change."""

    limit = 5000

    def items(self):
        """The live editions."""
        readable = Edition.objects.live(self.at).filter(language=self.language)
        return readable.for_list().reverse()

    def lastmod(self, item):
        """When readers were last told of a change."""
        return item.updated_at


SECTIONS = {"pages": Pages, "messages": Messages}


@require_safe
def index(request):
    """The addresses of all sitemaps."""
    locations = []
    for language, _name in settings.LANGUAGES:
        for section, sitemap in SECTIONS.items():
            path = reverse("sitemap_section", args=[section, language])
            count = sitemap(language, request.at).paginator.num_pages
            locations += [
                f"{settings.SITE_URL}{path}" + (f"?p={page}" if page > 1 else "") for page in range(1, count + 1)
            ]
    context = {"sitemaps": [{"location": location} for location in locations]}
    return render(request, "sitemap_index.xml", context, content_type=XML)


@require_safe
def section(request, section, language):
    """One sitemap. Raises Http404: no such section, language or page."""
    if section not in SECTIONS or language not in dict(settings.LANGUAGES):
        raise Http404
    try:
        entries = SECTIONS[section](language, request.at).entries(request.GET.get("p", "1"))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    return render(request, "sitemap.xml", {"urlset": entries}, content_type=XML)
