"""The public pages of the consular section: they read the edition live at the request's moment, nothing else."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from consular.closures import closures_calendar
from consular.offices import published
from consular.status import lifetime, status_of
from consular.structured import offices_ld
from consular.vcard import office_card
from embassy.json_ld import json_ld


@require_safe
def contact(request):
    """Every office: emergency lines first, then how to reach it and when it is open."""
    shown = published(request.at)
    offices = shown.offices if shown else []
    context = {
        "section": "consular",
        "breadcrumbs": [
            {"label": gettext("Home"), "url": reverse("press:home")},
            {"label": gettext("Consular section"), "url": ""},
        ],
        "published": shown,
        "offices": offices,
        "structured": json_ld(offices_ld(offices)) if offices else "",
    }
    return render(request, "consular/contact.html", context)


@require_safe
def closures(request):
    """The closed days and other hours of the coming year, as a calendar to subscribe to."""
    calendar = closures_calendar(published(request.at), _page())
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8")


@require_safe
def card(request, office_id):
    """An office as a card for the address book. Raises Http404: no such office is released."""
    shown = published(request.at)
    office = next((office for office in shown.offices if office.facts["id"] == office_id), None) if shown else None
    if office is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="consular-{office_id}.vcf"'}
    return HttpResponse(office_card(office, _page()), content_type="text/vcard; charset=utf-8", headers=headers)


@require_safe
def status(request):
    """Whether the primary office is open, until when, the emergency line; kept no longer than it is true."""
    shown = published(request.at)
    response = JsonResponse(status_of(shown, request.at), json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=lifetime(shown, request.at))
    return response


def _page():
    return urljoin(settings.SITE_URL, reverse("consular:contact"))
