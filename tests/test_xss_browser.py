"""Attacks in every text of the site, in Chromium with the policy switched off: none runs, no page breaks.

Published ones and generated ones (tests/attacks.py), by an import and by the office's form; pasted ones are in
tests/press/test_attacks_pasted_browser.py, those in names of people, places and files in
tests/test_xss_names_browser.py.
"""

import json
from html import escape
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from lxml import etree

from press import richtext
from press.acts import Seen
from press.models import Edition, Message
from press.release import release
from tests.attacks import COUNT, LIVE, OFFICE, PROVOKE, READERS, faults, generated, in_a_line, published
from tests.press.admin.desk import PARTS, SECTIONS, content
from tests.press.factory import make_officer

pytest_plugins = ["tests.browser", "tests.attacked"]
pytestmark = pytest.mark.browser

BATCH = 100
CORPORA = {"published": published, "generated": generated}


def lines(attacks):
    """Import lines with every attack: as HTML in bodies, questions and answers; as text in titles and names."""
    common = {"language": "en", "published_at": "2026-01-01T09:00:00Z"}
    for number, start in enumerate(range(0, len(attacks), BATCH)):
        batch = attacks[start : start + BATCH]
        texts = [in_a_line(attack) for attack in batch]
        sides = [{"on_behalf_of": text, "name": text, "office": text} for text in texts]
        yield common | {
            "kind": "statement",
            "title": texts[0],
            "teaser": texts[1],
            "slug": f"statement-{number}",
            "signed_in": texts[2][:100],
            "signed_on": "2026-01-01",
            "body": f"<p>Before</p>{batch[3]}",
            "signatories": sides,
        }
        questions = [{"question": f"Why? {html}", "answer": f"<p>Before</p>{html}"} for html in batch]
        yield common | {"kind": "q-and-a", "title": texts[4], "slug": f"answers-{number}", "questions": questions}
        body = "<p>Before</p>" + "".join(f"<p>{html}</p>\n" for html in batch)
        yield common | {"kind": "press-release", "title": texts[5], "slug": f"release-{number}", "body": body}


def by_import(attacks, folder):
    """Let them in with manage.py import_messages."""
    path = folder / "attacks.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines(attacks)))
    call_command("import_messages", path, verbosity=0)


def by_form(attacks, folder):
    """Let them in with the office's forms, past whatever the editor does, and release them."""
    officer, desk = make_officer(), Client()
    desk.force_login(officer)
    for line in lines(attacks):
        kind = line.pop("kind")
        rows = line.pop("signatories", None) or line.pop("questions", ())
        del line["published_at"]
        form = content(PARTS.get(kind), rows, **line)
        sent = desk.post(reverse(f"admin:press_{SECTIONS[kind]}_add"), {**form, "_save": "1"})
        assert sent.status_code == 302, sent.context["errors"]
        message = Message.objects.latest("pk")
        release(message, Seen.of(message), officer)


@pytest.mark.prove
@pytest.mark.parametrize("corpus", CORPORA)
def test_attacks_run_where_nothing_stops_them(visited, corpus):
    frames = "".join(f'<iframe srcdoc="{escape(payload)}"></iframe>' for payload in CORPORA[corpus]()[:150])
    visited.route("**/control/", lambda way: way.fulfill(body=f"<!DOCTYPE html>{frames}", content_type="text/html"))
    visited.goto("/control/")

    for frame in visited.frames[1:]:
        frame.evaluate(PROVOKE)

    assert len(visited.evaluate("() => top.ran")) > 30


def test_what_the_cleaning_leaves_of_attacks_does_not_run(visited, db):
    attacks = generated(40)
    left = "".join(f"<div>{richtext.clean(attack)}</div><h2>{richtext.clean_inline(attack)}</h2>" for attack in attacks)
    attack = f'<iframe srcdoc="{escape("<img src=x onerror=alert(0)>")}"></iframe>'

    visited.set_content(f"<!DOCTYPE html><body><div>{attack}</div>{left}<footer></footer>")
    visited.evaluate(PROVOKE)

    assert visited.evaluate("() => top.ran") == ["alert 0"]
    assert [seen[:7] for seen in visited.evaluate(LIVE)] == ["<iframe"]
    assert visited.locator("body > div, body > h2").count() == 2 * len(attacks) + 1
    assert visited.locator("body > footer").count() == 1


@pytest.mark.prove
@pytest.mark.parametrize("way", [by_import, by_form])
@pytest.mark.parametrize("corpus", CORPORA)
def test_attacks_run_neither_on_public_pages_nor_in_the_office(visited, tmp_path, monkeypatch, corpus, way):
    # Before a release it refuses some for their addresses and placeholders, which is no defence.
    monkeypatch.setattr("press.release.refuse_blocked", lambda *_arguments: None)
    attacks = CORPORA[corpus]()
    assert len(set(attacks)) == COUNT
    way(attacks, tmp_path)
    pages = ["/", "/messages/", "/messages/?page=2", "/messages/statements/", "/messages/archive/"]
    pages += [edition.get_absolute_url() for edition in Edition.objects.order_by("pk")]

    found = {path: wrong for path in pages if (wrong := faults(visited, path, READERS))}

    assert len(pages) == 5 + 3 * COUNT // BATCH
    assert found == {}
    for path in ("/feeds/atom.xml", "/feeds/rss.xml", "/sitemap.xml"):
        check_the_feed(visited, path)
    check_the_office(visited)


def check_the_feed(visited, path):
    """A feed as Chromium shows it, and its texts within a reader's own page, which has no policy."""
    content = Client().get(path).content
    feed = etree.fromstring(content)
    texts = [element.text for element in feed.iter("{*}content", "{*}encoded")]
    assert texts or path == "/sitemap.xml"
    visited.route("**/feed/", lambda way: way.fulfill(body=content, content_type="text/xml"))
    visited.goto("/feed/")
    assert visited.evaluate("() => top.ran") == []
    assert not [element for element in feed.iter() if etree.QName(element).localname == "script"], path
    visited.unroute("**/feed/")

    visited.goto("/healthz")
    visited.set_content(f"<!DOCTYPE html><body>{''.join(f'<div>{text}</div>' for text in texts)}<footer></footer>")
    visited.evaluate(PROVOKE)

    assert visited.evaluate("() => top.ran") == []
    assert visited.evaluate(LIVE) == []
    assert visited.locator("body > div").count() == len(texts)
    assert visited.locator("body > footer").count() == 1


def check_the_office(visited):
    """The same of the office's pages: lists, forms with the editor, history, previews, an act."""
    newest = {kind: Message.objects.filter(kind=kind).latest("pk").pk for kind in ("statement", "press-release")}
    pages = {
        reverse("admin:index"): OFFICE,
        reverse("admin:press_statement_changelist") + "?q=alert": OFFICE,
        reverse("admin:press_statement_change", args=[newest["statement"]]): OFFICE,
        reverse("admin:press_statement_history", args=[newest["statement"]]): OFFICE,
        reverse("admin:press_statement_preview", args=[newest["statement"]]): READERS,
        reverse("admin:press_statement_withdraw", args=[newest["statement"]]): OFFICE,
        reverse("admin:press_pressrelease_change", args=[newest["press-release"]]): OFFICE,
        reverse("admin:press_pressrelease_preview", args=[newest["press-release"]]): READERS,
    }

    found = {path: wrong for path, once in pages.items() if (wrong := faults(visited, path, once))}

    assert found == {}


# What a reader looks for comes back in the page, and the words that were found are marked in it.
WORDS = ("alert", "onerror", "script", "javascript", "img src", "svg onload", "srcdoc", "iframe", "before", "x")


@pytest.mark.prove
def test_attacks_that_are_searched_for_or_found_do_not_run(visited, tmp_path):
    for corpus in CORPORA.values():
        by_import(corpus(), tmp_path)
    searches = [f"{place}/search/?q={quote(word)}" for place in ("", "/ru") for word in WORDS]
    attacks = [*published()[::12], *generated()[::12]]
    searches += [f"/search/?q={quote(attack, safe='')}" for attack in attacks]

    found = {path: wrong for path in searches if (wrong := faults(visited, path, READERS))}

    assert found == {}
    visited.goto("/search/?q=alert")
    assert visited.locator("main mark").count() > 10
    lists = [reverse(f"admin:press_{section}_changelist") for section in (*SECTIONS.values(), "binnedmessage")]
    asked = [f"{path}?q={quote(attack, safe='')}" for path in lists for attack in attacks[::10]]
    # What was looked for is counted, and shown to the office.
    asked.append(reverse("admin:press_searchcount_changelist"))
    found = {path: wrong for path in asked if (wrong := faults(visited, path, OFFICE))}
    assert found == {}
    assert visited.locator("#main").get_by_text("onerror").count() > 3


@pytest.mark.prove
@pytest.mark.django_db
def test_attacks_are_searched_for_and_come_back_as_text(client):
    for payload in [*published()[::10], *generated()[::10]]:
        for path in ("/search/", "/admin/login/"):
            answer = client.get(path, {"q": payload, "next": payload})
            assert payload not in answer.text, path
