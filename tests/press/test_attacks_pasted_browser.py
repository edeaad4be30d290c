"""Attacks pasted from Chromium's clipboard into the editor, with the policy switched off: none runs, none stays."""

import pytest
from django.urls import reverse

from tests.attacks import LIVE, OFFICE, PROVOKE, generated, published
from tests.press.test_richtext import assert_allowed

pytest_plugins = ["tests.browser", "tests.attacked"]
pytestmark = [pytest.mark.browser, pytest.mark.prove]

COPY = """(html) => {
  document.addEventListener("copy", (event) => {
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
  }, { once: true });
  return document.execCommand("copy");
}"""
READY = "() => CKEDITOR.instances.id_body?.status === 'ready'"
PASTED = "(mark) => CKEDITOR.instances.id_body.getData().includes(mark)"
# What PROVOKE and LIVE find in the page that is edited.
EDITED = "() => ({found})(CKEDITOR.instances.id_body.document.$)"


@pytest.fixture
def paste(visited):
    """Call it with HTML: it is copied, and pasted into the body of a new press release in place of what is there.

    Returns what ran or could run then, and what the editor would send.
    """
    visited.goto(reverse("admin:press_pressrelease_add"))
    visited.wait_for_function(READY)
    body = visited.frame_locator("#cke_id_body iframe.cke_wysiwyg_frame").locator("body")

    def pasted(number, html):
        mark = f"mark-{number}-"
        assert visited.evaluate(COPY, f"<p>{mark}</p>{html}")
        body.focus()
        visited.keyboard.press("Control+a")
        visited.keyboard.press("Control+v")
        visited.wait_for_function(PASTED, arg=mark)
        visited.evaluate(EDITED.replace("{found}", PROVOKE))
        seen = [*visited.evaluate("() => top.ran.splice(0)"), *visited.evaluate(EDITED.replace("{found}", LIVE))]
        return seen, visited.evaluate("() => CKEDITOR.instances.id_body.getData()")

    return pasted


def whole(visited):
    """Whether the page is still the form that was opened."""
    is_there = visited.url.endswith(reverse("admin:press_pressrelease_add"))
    return is_there and [visited.locator(part).count() for part in OFFICE] == [1] * len(OFFICE)


def test_pasted_attacks_neither_run_nor_stay(visited, paste):
    attacks = [*published(), *generated()]

    pasted = {attack: paste(number, attack) for number, attack in enumerate(attacks)}

    assert {attack: seen for attack, (seen, _kept) in pasted.items() if seen} == {}
    assert whole(visited)
    for _seen, kept in pasted.values():
        assert_allowed(kept)


def test_pasted_attacks_do_not_run_where_the_server_does_not_clean_them(visited, paste):
    asked = []
    visited.route("**/paste/*", lambda way: (asked.append(way), way.abort()))
    attacks = [*published()[::3], *generated()[::3]]

    pasted = {attack: paste(number, attack) for number, attack in enumerate(attacks)}

    assert {attack: seen for attack, (seen, _kept) in pasted.items() if seen} == {}
    assert len(asked) == len(attacks)
    assert whole(visited)
