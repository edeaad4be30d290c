"""The public page of the consular section."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from consular.offices import offices


@require_safe
def contact(request):
    """Every office: emergency lines first, then how to reach it and when it is open."""
    shown = offices(request.at)
    context = {
        "section": "consular",
        "breadcrumbs": [
            {"label": gettext("Home"), "url": reverse("press:home")},
            {"label": gettext("Consular section"), "url": ""},
        ],
        "offices": shown,
        "emergency_phones": [phone for office in shown for phone in office.emergency_phones],
    }
    return render(request, "consular/contact.html", context)
