"""What an officer sends: the admin's forms as a browser posts them."""

import re

from django.urls import reverse

SECTIONS = {"press-release": "pressrelease", "statement": "statement", "q-and-a": "qanda"}
PARTS = {"statement": "signatories", "q-and-a": "exchanges"}


def section_of(message):
    """The section's name in addresses."""
    return SECTIONS[message.kind]


def page_of(message, page="change"):
    """The address of a page on a message."""
    return reverse(f"admin:press_{section_of(message)}_{page}", args=[message.pk])


def content(parts=None, rows=(), stored=0, **fields):
    """A posted form with rows of inlines, of which the first `stored` are in the database."""
    data = {"title": "A title", "language": "en", "slug": "", "teaser": "", "body": "<p>Its text.</p>", **fields}
    if parts:
        data |= {f"{parts}-TOTAL_FORMS": len(rows), f"{parts}-INITIAL_FORMS": stored}
        for number, row in enumerate(rows):
            data |= {f"{parts}-{number}-{name}": value for name, value in row.items()}
    return data


def fields_of(response):
    """What a browser would send back if nothing were typed: every field of the change form."""
    form = response.context["adminform"].form
    found = _values(form)
    for admin_formset in response.context["inline_admin_formsets"]:
        formset = admin_formset.formset
        found |= _values(formset.management_form)
        for single in formset.forms:
            found |= _values(single)
    return found


def _values(form):
    ticks = ("DELETE",)
    shown = {field.html_name: field.value() for field in form if not field.html_name.endswith(ticks) or field.value()}
    # Of boxes to tick a hidden field is sent, and each that is ticked.
    shown |= {name: ["", *value] if value else "" for name, value in shown.items() if isinstance(value, list)}
    # Browsers send the line ends of the wire.
    return {
        name: value if isinstance(value, list) else re.sub(r"\r?\n", "\r\n", str(value))
        for name, value in shown.items()
        if value is not None
    }


def errors_of(response):
    """Every refusal of a form, its inlines included, as sentences."""
    assert response.status_code == 200
    return [sentence for errors in response.context["errors"] for sentence in errors]


def told(response):
    """The sentences an officer is shown after an act."""
    return [str(message) for message in response.context["messages"]]


def act(client, message, name, confirmed="now", follow=True, query="", **fields):
    """Open an act's page, and send it."""
    address = f"{page_of(message, name)}{query}"
    seen = client.get(address).context["seen"]
    data = {"seen": seen, "later": "", **({"confirmed": confirmed} if confirmed else {"show": "1"}), **fields}
    return client.post(address, data, follow=follow)
