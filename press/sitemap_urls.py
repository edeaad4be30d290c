"""The addresses of the sitemaps, the same in every language."""

from django.urls import path

from press import converters, sitemaps  # noqa: F401 — the converters are known once it is imported

urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-messages-<slug:language>-<yyyy:year>.xml", sitemaps.messages, name="sitemap_messages"),
    path("sitemap-<slug:section>-<slug:language>.xml", sitemaps.section, name="sitemap_section"),
]
