"""The words of our own in the templates of public pages: macros, and what the head of a page says to machines."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from jinja2 import pass_context
from jinja2.ext import Extension
from lxml import etree

from embassy.context_processors import COUNTERPARTS
from embassy.json_ld import json_ld
from embassy.page_templates import macro
from press import structured
from press.richtext import without_marks
from press.shown_files import shown_files

# How much of a paragraph a link to it says.
WORDS = 7
# By name, the template that each is in.
MACROS = {
    "choice_list": "press/_choices.html",
    "edition_text": "press/_edition_text.html",
    "enclosed": "press/_enclosed.html",
    "figure": "press/_picture.html",
    "hit": "press/_hit.html",
    "open_graph": "press/_open_graph.html",
    "row": "press/_row.html",
}


class Machines(Extension):
    """The MACROS, the functions below and a filter, for the templates of public pages."""

    def __init__(self, environment):
        super().__init__(environment)
        environment.globals.update({name: macro(environment, template, name) for name, template in MACROS.items()})
        environment.filters["without_marks"] = without_marks
        environment.globals.update(
            alternates=alternates, paragraphs=paragraphs, shown_files=shown_files, structured_data=structured_data
        )


@pass_context
def structured_data(context):
    """The page's JSON-LD, one block, where there is something to say: a data block, which no browser runs."""
    nodes = list(_nodes(context))
    return json_ld(structured.graph(*nodes)) if nodes else ""


def _nodes(context):
    request = context.get("request")
    name = _view_name(request)
    # The office's previews show these pages too, and are no pages of the site; the consular section tells its own.
    if not name.startswith("press:"):
        return
    here = settings.SITE_URL + request.path
    if name == "press:home":
        yield structured.organization(here)
        yield structured.website(here, settings.SITE_URL + reverse("press:search"))
    # Where there is no such message, the page is that of a 404.
    edition = context.get("edition")
    if name == "press:message" and edition and edition.has_text:
        yield structured.article(edition)
    if context.get("breadcrumbs"):
        yield structured.breadcrumbs(context["breadcrumbs"], here)


@pass_context
def alternates(context):
    """Links to the same page in the other language, both ways, where it is surely there: its first page, no search.

    Who reads neither language gets the site's first one (x-default).
    """
    request = context.get("request")
    name = _view_name(request)
    other = context.get("other_language")
    if not name.startswith(("press:", "consular:")) or not other or request.GET:
        return ""
    pages = {request.LANGUAGE_CODE: request.path}
    if name in COUNTERPARTS:
        pages |= getattr(request, "counterparts", {})
    else:
        pages[other["code"]] = other["url"]
    if len(pages) < 2:
        return ""
    pages["x-default"] = pages.get(settings.LANGUAGE_CODE, request.path)
    return mark_safe(  # noqa: S308 — each part is escaped
        "".join(
            format_html('<link rel="alternate" hreflang="{}" href="{}{}">', code, settings.SITE_URL, path)
            for code, path in pages.items()
        )
    )


def _view_name(request):
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else ""


def paragraphs(edition):
    """The blocks of a message that can be linked to, in their order: pairs of id and first words."""
    exchanges = (f'<h2 id="{each["id"]}">{each["question"]}</h2>{each["answer"]}' for each in edition.exchanges)
    text = "".join((edition.body, *exchanges)).replace("<br>", " ")
    return [
        (element.get("id"), words)
        for element in etree.HTML(f"<div>{text}</div>")[0][0]
        if element.get("id") and (words := _first_words(_text(element)))
    ]


def _text(element):
    return "".join(element.itertext()) if len(element) else element.text or ""


def _first_words(text):
    words = text.split(maxsplit=WORDS)
    return " ".join(words[:WORDS]) + (" …" if len(words) > WORDS else "")
