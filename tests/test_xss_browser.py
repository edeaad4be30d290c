"""Published attacks in every text of the site, in Chromium with the policy switched off: none runs, no page breaks.

The attacks are brs-kb's. Two lines of defence are tested apart: here the cleaning and the escaping
alone, in tests/embassy/test_middleware.py the policy that would stop what they let through.
"""

import json
from functools import cache
from html import escape

import brs_kb
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from lxml import etree

from press.models import Edition, Message

pytest_plugins = ["tests.browser"]
pytestmark = [pytest.mark.browser, pytest.mark.prove]

COUNT, BATCH = 600, 100
# In every frame: what attacks call to show that they ran.
HOOKS = """
  top.ran ||= [];
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...given) => { top.ran.push(`${name} ${given}`.slice(0, 80)); };
"""
# What only happens when somebody points, clicks or types. Made so, a click does not follow a link.
PROVOKE = """() => {
  for (const element of document.querySelectorAll("*"))
    for (const type of ["mouseover", "mouseenter", "pointerover", "focus", "click", "keydown", "load", "error"])
      element.dispatchEvent(new Event(type));
}"""
# What of a page could run: scripts that are not files of ours, handlers, addresses that are programs, foreign frames.
LIVE = """() => {
  const foreign = (address) => new URL(address, location).origin !== location.origin;
  const runs = ({ name, value }) => /^on/i.test(name)
    || (/^(href|src|action|formaction|data|xlink:href)$/i.test(name)
      && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(value));
  const suspects = [
    ...[...document.scripts].filter(({ src, type }) => !/json$/.test(type) && (!src || foreign(src))),
    ...[...document.querySelectorAll("*")].filter((element) => [...element.attributes].some(runs)),
    ...[...document.querySelectorAll("iframe")].filter(({ src, srcdoc }) => srcdoc || foreign(src)),
    ...document.querySelectorAll("body object, body embed, body base, body meta"),
  ];
  // The editor's own surface; what is written in it lies in a frame.
  return suspects.filter((element) => !element.closest("[class^=cke]")).map((it) => it.outerHTML.slice(0, 120));
}"""


@cache
def attacks():
    """COUNT published payloads, of all sorts evenly: printable, and short enough for a title."""
    known = sorted({entry["payload"] for entry in brs_kb.get_all_payloads().values()})
    usable = [payload for payload in known if "<" in payload and len(payload) <= 190 and payload.isprintable()]
    step = len(usable) // COUNT
    return usable[::step][:COUNT]


def lines():
    """Import lines with every attack: as HTML in bodies, questions and answers; as text in titles and names."""
    common = {"language": "en", "published_at": "2026-01-01T09:00:00Z"}
    for number, start in enumerate(range(0, COUNT, BATCH)):
        batch = attacks()[start : start + BATCH]
        sides = [{"on_behalf_of": text, "name": text, "office": text} for text in batch]
        yield common | {
            "kind": "statement",
            "title": batch[0],
            "teaser": batch[1],
            "slug": f"statement-{number}",
            "signed_in": batch[2][:100],
            "signed_on": "2026-01-01",
            "body": f"<p>Before</p>{batch[3]}",
            "signatories": sides,
        }
        questions = [{"question": f"Why? {html}", "answer": f"<p>Before</p>{html}"} for html in batch]
        yield common | {"kind": "q-and-a", "title": batch[4], "slug": f"answers-{number}", "questions": questions}
        body = "".join(f"<p>{html}</p>\n" for html in batch)
        yield common | {"kind": "press-release", "title": batch[5], "slug": f"release-{number}", "body": body}


@pytest.fixture
def site(transactional_db, tmp_path):
    """A site full of attacks."""
    path = tmp_path / "attacks.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines()))
    call_command("import_messages", path, verbosity=0)


@pytest.fixture
def visited(browser, live_server, settings):
    """A page without a policy, in which an administrator is signed in."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    context.add_cookies([cookie])
    context.route(lambda url: not url.startswith(live_server.url), lambda way: way.abort())
    context.add_init_script(HOOKS)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def faults(page, path, end):
    """What ran or could run on the page at `path`, or is missing: its `end`."""
    page.goto(path)
    # A function: without a policy an expression would do, but the office's pages are tested with one elsewhere.
    page.evaluate(PROVOKE)
    found = [("ran", what) for what in page.evaluate("() => top.ran")]
    found += [("could run", what) for what in page.evaluate(LIVE)]
    if page.locator(end).count() != 1:
        found.append(("broken", end))
    if not page.url.endswith(path):
        found.append(("led away", page.url))
    return found


def test_attacks_run_where_nothing_stops_them(visited, live_server):
    frames = "".join(f'<iframe srcdoc="{escape(payload)}"></iframe>' for payload in attacks()[:150])
    visited.route("**/control/", lambda way: way.fulfill(body=f"<!DOCTYPE html>{frames}", content_type="text/html"))
    visited.goto("/control/")

    for frame in visited.frames[1:]:
        frame.evaluate(PROVOKE)

    assert len(visited.evaluate("() => top.ran")) > 30


def test_attacks_run_neither_on_public_pages_nor_in_the_office(visited, site):
    assert len(attacks()) == COUNT
    pages = ["/", "/messages/", "/messages/?page=2", "/messages/statements/", "/search/?q=alert"]
    pages += [edition.get_absolute_url() for edition in Edition.objects.order_by("pk")]

    found = {path: wrong for path in pages if (wrong := faults(visited, path, "body > footer.site-foot"))}

    assert len(pages) == 5 + 3 * COUNT // BATCH
    assert found == {}
    for path in ("/feeds/atom.xml", "/feeds/rss.xml", "/sitemap.xml"):
        feed = etree.fromstring(Client().get(path).content)
        assert not [element for element in feed.iter() if etree.QName(element).localname == "script"], path
    check_the_office(visited)


def check_the_office(visited):
    """The same of the office's pages: lists, forms with the editor, history, previews, an act."""
    newest = {kind: Message.objects.filter(kind=kind).latest("pk").pk for kind in ("statement", "press-release")}
    pages = {
        reverse("admin:index"): "#footer",
        reverse("admin:press_statement_changelist") + "?q=alert": "#footer",
        reverse("admin:press_statement_change", args=[newest["statement"]]): "#footer",
        reverse("admin:press_statement_history", args=[newest["statement"]]): "#footer",
        reverse("admin:press_statement_preview", args=[newest["statement"]]): "body > footer.site-foot",
        reverse("admin:press_statement_withdraw", args=[newest["statement"]]): "#footer",
        reverse("admin:press_pressrelease_change", args=[newest["press-release"]]): "#footer",
        reverse("admin:press_pressrelease_preview", args=[newest["press-release"]]): "body > footer.site-foot",
    }

    found = {path: wrong for path, end in pages.items() if (wrong := faults(visited, path, end))}

    assert found == {}


@pytest.mark.django_db
def test_attacks_are_searched_for_and_come_back_as_text(client):
    for payload in attacks()[::10]:
        for path in ("/search/", "/admin/login/"):
            answer = client.get(path, {"q": payload, "next": payload})
            assert payload not in answer.text, path
