"""What machines ask for at the root of every site."""

from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

# Readers of security.txt mistrust one whose end is more than a year away.
FOR_SO_LONG = timedelta(days=90)


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
def security(request):
    """Whom to tell of a flaw (RFC 9116): for a quarter of a year from today. Raises Http404 where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (request.at + FOR_SO_LONG).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request):
    """Where the icon is, for readers that do not look into the page."""
    return redirect(static("icons/favicon.ico"))
