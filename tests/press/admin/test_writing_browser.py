"""Writing in Chromium: counters, keys, the checklist's links, the preview beside the form."""

import re

import pytest
from django.urls import reverse

from press.models import Message
from tests.press.admin.desk import page_of
from tests.press.factory import make_message, make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser

READY = "() => window.CKEDITOR && Object.values(CKEDITOR.instances).every((editor) => editor.status === 'ready')"


@pytest.fixture
def officer(transactional_db, sign_in):
    user = make_officer(first_name="Anna", last_name="Orlova")
    sign_in(user)
    return user


def open_form(page, address):
    page.goto(address)
    page.wait_for_function(READY)


def writing(page, name="id_body"):
    """The place in an editor where one writes."""
    return page.locator(f"#cke_{name}").frame_locator("iframe").locator("body[contenteditable=true]")


def test_counters_follow_what_is_typed(page, officer, watch):
    open_form(page, reverse("admin:press_pressrelease_add"))
    title, teaser = page.locator("#id_title_counter"), page.locator("#id_teaser_counter")

    shown = []
    for length in (0, 1, 65, 66, 90, 91, 200):
        page.fill("#id_title", "ы" * length)
        shown.append(title.inner_text())

    assert shown == [
        "",
        "Characters: 1 – fits in search results",
        "Characters: 65 – fits in search results",
        "Characters: 66 – reads well",
        "Characters: 90 – reads well",
        "Characters: 91 – long: 90 read well",
        "Characters: 200 – long: 90 read well",
    ]
    shown = []
    for length in (160, 161, 300):
        page.fill("#id_teaser", "a" * length)
        shown.append(teaser.inner_text())
    assert shown == [
        "Characters: 160 – fits in search results",
        "Characters: 161 – fits in lists; search results cut it at 160",
        "Characters: 300 – fits in lists; search results cut it at 160",
    ]
    writing(page).click()
    page.keyboard.type("The embassy's reading-room opens at 10:00.")
    page.get_by_text("Words in the text: 7").wait_for()
    assert (watch.errors, watch.violations, watch.foreign) == ([], [], [])


def test_keys_save_and_release_from_a_field_and_from_inside_the_editor(page, officer, watch):
    message = make_message(title="New hours", teaser="On Saturdays.")
    open_form(page, page_of(message))
    assert re.sub(r"\s+", " ", page.locator(".keys").inner_text()) == (
        "Ctrl+S Save and continue editing Ctrl+Enter Save and go to release"
    )

    page.fill("#id_title", "Newer hours")
    with page.expect_navigation():
        page.press("#id_title", "Control+s")
    message.refresh_from_db()
    assert (message.title, message.version) == ("Newer hours", 2)
    page.wait_for_function(READY)
    writing(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And more.")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    message.refresh_from_db()
    assert (message.body, message.version) == ("<p>Its text. And more.</p>", 3)
    page.wait_for_function(READY)
    writing(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Indeed.")
    with page.expect_navigation(url=f"**{page_of(message, 'release')}"):
        page.keyboard.press("Control+Enter")
    message.refresh_from_db()
    assert message.body == "<p>Its text. And more. Indeed.</p>"
    assert page.locator("button[name=confirmed]").inner_text() == "Release now"
    assert (watch.errors, watch.violations, watch.foreign) == ([], [], [])


def test_key_works_on_a_new_message_and_on_a_russian_keyboard(page, officer):
    open_form(page, reverse("admin:press_pressrelease_add"))
    page.fill("#id_title", "Новые часы")

    with page.expect_navigation():
        page.evaluate(
            """() => document.querySelector("#id_title").dispatchEvent(new KeyboardEvent("keydown",
                { key: "ы", code: "KeyS", ctrlKey: true, bubbles: true, cancelable: true }))"""
        )

    assert Message.objects.get().title == "Новые часы"


def test_link_of_the_checklist_leads_into_the_editor(page, officer):
    message = make_message(title="New hours", teaser="", body="<p>On xx.</p>")
    page.goto(page_of(message, "release"))

    with page.expect_navigation():
        page.get_by_role("link", name="“xx” is still to be filled in.").click()

    page.wait_for_function(READY)
    page.wait_for_function("() => CKEDITOR.instances.id_body.focusManager.hasFocus")
    page.get_by_role("link", name="The teaser is empty: lists will say “On xx.”.").click()
    page.wait_for_function("() => document.activeElement.id === 'id_teaser'")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_preview_beside_the_form_at_both_widths(browser, live_server, transactional_db, settings, scripts):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    user, message = make_officer(), make_message(title="New hours")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=scripts, viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.goto(page_of(message))
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("input[type=submit]")
    screen, shown = page.locator(".screen iframe"), page.frame_locator(".screen iframe")

    shown.get_by_role("heading", name="New hours").wait_for()
    phone = screen.evaluate("frame => [frame.clientWidth, frame.getBoundingClientRect().width]") if scripts else None
    page.get_by_label("Desktop").check()
    desk = screen.evaluate("frame => [frame.clientWidth, frame.getBoundingClientRect().width]") if scripts else None

    assert (phone, desk) == (([375, 375], [1280, 640]) if scripts else (None, None))
    page.fill("#id_title", "Newer hours")
    page.locator("[name=_continue]").click()
    page.frame_locator(".screen iframe").get_by_role("heading", name="Newer hours").wait_for()
    context.close()
