"""What machines ask for at the root of every site."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe


@require_safe
def robots(request):
    """Robots may read everything but the office; what a search finds has addresses of its own."""
    # A path that the mission chose to be its own secret is told to nobody; its pages forbid robots themselves.
    office = ["Disallow: /admin/"] if settings.ADMIN_PATH == "admin/" else []
    lines = [
        "User-agent: *",
        *office,
        *(f"Disallow: {path}?" for path in _in_every_language("press:search")),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _in_every_language(name):
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield reverse(name)


@require_safe
def favicon(request):
    """Where the icon is, for readers that do not look into the page."""
    return redirect(static("icons/favicon.ico"))
