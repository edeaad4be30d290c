"""From the login to the reader, in Chromium: by keys alone, with two officers; and how short the way is."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from press.models import Edition, Kind, Message
from tests.press.admin.desk import page_of
from tests.press.factory import make_live, make_message, make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser

READY = "() => window.CKEDITOR && Object.values(CKEDITOR.instances).every((editor) => editor.status === 'ready')"
NAME_OF = """(element) => {
    const label = element.labels?.[0]?.innerText;
    const own = element.tagName === "INPUT" && ["submit", "button"].includes(element.type) ? element.value : label;
    return (element.getAttribute("aria-label") || own || element.innerText || element.title || "").trim();
}"""
ACTIVE = f"() => ({NAME_OF})(document.activeElement)"
# What can be used, but for the editors' tools, which Alt+F10 reaches, and all but one of a group of radios.
KINDS = "a[href], button, input, select, textarea, summary, iframe, [tabindex='0']"
USABLE = f"""() => [...document.querySelectorAll("{KINDS}")]
    .filter((element) => element.checkVisibility({{ visibilityProperty: true }}) && element.getClientRects().length)
    .filter((element) => !element.disabled && element.type !== "hidden" && element.tabIndex >= 0)
    .filter((element) => !element.closest(".cke_top, .cke_bottom, .empty-form"))
    .filter((element) => element.type !== "radio" || element.checked)
    .map((element, number) => [element.dataset.number = number, ({NAME_OF})(element)])
"""


def sign_in_by_keys(page, user):
    page.goto("/admin/")
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse")
    press(page, "Enter")


def press(page, keys):
    """Press keys that lead to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(keys)


def go(page, name):
    """Press Tab until what bears this name has the focus."""
    for _number in range(150):
        page.keyboard.press("Tab")
        # Some are shown in capitals.
        if page.evaluate(ACTIVE).casefold().startswith(name.casefold()):
            return
    pytest.fail(f"{name} is not reached by Tab on {page.url}")


def test_whole_path_by_keys_alone(page, browser, live_server, transactional_db, settings, watch):
    settings.FOUR_EYES = True
    officer, approver = make_officer(first_name="Anna"), make_officer("Approvers", first_name="Boris")

    sign_in_by_keys(page, officer)
    go(page, "New press release")
    press(page, "Enter")
    page.wait_for_function(READY)
    go(page, "Title:")
    page.keyboard.type("Reading room opens on Saturdays")
    go(page, "Teaser:")
    page.keyboard.type("Visitors need no card.")
    go(page, "Text")
    page.keyboard.type("The reading room opens on Saturdays in June.")
    press(page, "Control+s")
    go(page, "Submit…")
    press(page, "Enter")
    go(page, "Submit for approval")
    press(page, "Enter")
    message = Message.objects.get()
    assert "waits for approval" in page.locator(".message-state").inner_text()
    # Who wrote it cannot release it.
    page.wait_for_function(READY)
    go(page, "Release…")
    press(page, "Enter")
    assert "Nobody has approved this text." in page.locator(".errornote").inner_text()
    assert page.locator("button[name=confirmed]").count() == 0
    go(page, "Log out")
    press(page, "Enter")

    sign_in_by_keys(page, approver)
    go(page, "Reading room opens on Saturdays")
    press(page, "Enter")
    page.wait_for_function(READY)
    go(page, "Approve…")
    press(page, "Enter")
    go(page, "Approve")
    press(page, "Enter")
    page.wait_for_function(READY)
    go(page, "Release…")
    press(page, "Enter")
    go(page, "Release now")
    press(page, "Enter")

    assert "Released on" in page.locator(".messagelist").inner_text()
    edition = Edition.objects.get()
    assert (edition.message, edition.author, edition.approver, edition.releaser) == (
        message,
        officer,
        approver,
        approver,
    )
    stranger = browser.new_context(base_url=live_server.url)
    reader = stranger.new_page()
    reader.goto("/")
    assert reader.locator("h1, h2").filter(has_text="Reading room opens on Saturdays").count() == 1
    reader.goto(edition.get_absolute_url())
    assert "opens on Saturdays in June." in reader.locator("main").inner_text()
    stranger.close()
    assert (watch.errors, watch.violations, watch.foreign) == ([], [], [])


def test_new_press_release_is_two_clicks_from_the_login(page, transactional_db):
    officer = make_officer()
    page.goto("/admin/")
    page.fill("#id_username", officer.username)
    page.fill("#id_password", "correct horse")

    with page.expect_navigation():
        page.get_by_role("button", name="Log in").click()
    with page.expect_navigation():
        page.get_by_role("link", name="New press release").click()

    assert page.url.endswith(reverse("admin:press_pressrelease_add"))
    assert page.locator("#id_title").is_editable()


@pytest.mark.prove
@pytest.mark.parametrize("name", ["index", "list", "form", "history", "preview", "release", "share", "reschedule"])
def test_everything_on_a_page_is_reached_by_tab(page, transactional_db, sign_in, name):
    sign_in(make_officer())
    draft = make_message(Kind.STATEMENT, signatories=["One side", "Other side"], teaser="")
    scheduled = make_live(at=(draft.created_at + timedelta(days=2)).replace(second=0, microsecond=0))
    address = {
        "index": reverse("admin:index"),
        "list": reverse("admin:press_statement_changelist"),
        "form": page_of(draft),
        "reschedule": page_of(scheduled, "reschedule"),
    }.get(name) or page_of(draft, name)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    if name == "form":
        page.wait_for_function(READY)
    usable = dict(page.evaluate(USABLE))

    reached = set()
    for _number in range(3 * len(usable)):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.dataset.number"))
        if {int(number) for number in reached if number} >= usable.keys():
            break

    assert len(usable) > 5
    missed = {label for number, label in usable.items() if str(number) not in reached}
    assert {label for label in missed if not re.match("Filter|Start typing", label)} == set()
