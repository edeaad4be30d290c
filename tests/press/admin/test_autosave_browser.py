"""Autosave in Chromium: a killed tab, a lost network, an ended session lose nothing."""

from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from press import presence, unsaved
from press.models import Kind, Message, Unsaved
from press.posted import as_querydict
from press.remarks import remark
from tests.accessibility import faults_of
from tests.press.admin.desk import page_of
from tests.press.factory import change, make_message, make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser

READY = """() => window.CKEDITOR && Object.values(CKEDITOR.instances).length
    && Object.values(CKEDITOR.instances).every((editor) => editor.status === "ready")
"""
LOCAL = "() => Object.keys(localStorage).filter((key) => key.startsWith('unsaved:')).length"


@pytest.fixture
def officer(transactional_db, sign_in):
    user = make_officer(first_name="Anna", last_name="Orlova")
    sign_in(user)
    return user


def visit(page, address):
    page.goto(address)
    page.wait_for_function(READY)


def type_into_editor(page, field, text):
    frame = page.frame_locator(f"#cke_{field} iframe")
    frame.locator("body").click()
    page.keyboard.type(text)


def status(page, words):
    page.locator("#autosave").get_by_text(words).wait_for(timeout=20_000)


def kill(page):
    """The tab is gone, and nothing of it runs any more; another one opens."""
    context = page.context
    page.close(run_before_unload=False)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    return opened


def test_killed_tab_loses_nothing_typed_into_editors_and_parts(page, officer, watch):
    message = make_message(Kind.Q_AND_A, title="Saved", body="<p>Saved text.</p>", questions=[("Why?", "<p>So.</p>")])
    visit(page, page_of(message))
    type_into_editor(page, "id_exchanges-0-answer", "Typed answer. ")
    page.get_by_role("button", name="Add another").or_(page.locator(".add-row a")).first.click()
    page.wait_for_function(READY)
    type_into_editor(page, "id_exchanges-1-question", "And then?")
    status(page, "Unsaved changes were kept at")

    page = kill(page)
    visit(page, page_of(message))
    page.get_by_role("link", name="Take them into the form").click()
    page.wait_for_function(READY)
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist")

    assert [(each.question, "Typed answer." in each.answer) for each in message.exchanges.all()] == [
        ("Why?", True),
        ("And then?", False),
    ]
    assert not Unsaved.objects.filter(is_closed=False).exists()
    assert (watch.errors, watch.violations) == ([], [])


def test_opening_and_looking_keeps_nothing(page, officer):
    message = make_message(body="<p>Saved text.</p>")
    visit(page, page_of(message))

    page.locator("h1").first.click()
    # Longer than the pause after which it would be sent: another form's copy arrives in between.
    other = page.context.new_page()
    visit(other, reverse("admin:press_pressrelease_add"))
    other.fill("#id_title", "Typed elsewhere")
    status(other, "Unsaved changes were kept at")

    assert not Unsaved.objects.filter(message=message).exists()


def test_lost_network_keeps_the_text_in_the_browser_and_delivers_it_later(page, officer):
    visit(page, reverse("admin:press_pressrelease_add"))
    page.context.set_offline(True)
    page.fill("#id_title", "Typed without a network")
    status(page, "The server cannot be reached.")
    assert page.evaluate(LOCAL) == 1
    assert not Unsaved.objects.exists()

    page = kill(page)
    page.context.set_offline(False)
    visit(page, reverse("admin:press_pressrelease_add"))
    page.get_by_role("link", name="Take them into the form").click()
    page.wait_for_function(READY)

    assert page.input_value("#id_title") == "Typed without a network"
    assert page.evaluate(LOCAL) == 0


def test_ended_session_keeps_the_text_and_the_form_goes_on_after_signing_in_again(page, officer, sign_in):
    message = make_message(title="Saved")
    visit(page, page_of(message))
    Session.objects.all().delete()
    page.fill("#id_title", "Typed after the end")
    status(page, "You are signed out.")
    assert page.evaluate(LOCAL) == 1

    sign_in(officer)
    page.fill("#id_title", "Typed after the end, and more")
    status(page, "Unsaved changes were kept at")
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".messagelist")

    assert Message.objects.get().title == "Typed after the end, and more"


def test_browser_does_not_offer_what_another_officer_typed(page, officer, sign_in):
    visit(page, reverse("admin:press_pressrelease_add"))
    page.context.set_offline(True)
    page.fill("#id_title", "Anna's")
    status(page, "The server cannot be reached.")

    page = kill(page)
    page.context.set_offline(False)
    boris = make_officer()
    sign_in(boris)
    visit(page, reverse("admin:press_pressrelease_add"))
    page.fill("#id_title", "Boris's")
    status(page, "Unsaved changes were kept at")

    # Anna's is still in the browser, for her.
    assert page.evaluate(LOCAL) == 1
    assert [dict(row.fields)["title"] for row in Unsaved.objects.filter(officer=boris)] == ["Boris's"]
    visit(page, reverse("admin:press_pressrelease_add"))
    assert "Anna's" not in page.content()


def test_keyboard_alone_puts_two_texts_together(page, officer):
    message = make_message(title="Saved")
    visit(page, page_of(message))
    Message.objects.filter(pk=message.pk).update(title="Theirs", version=2)
    page.fill("#id_title", "Mine")
    page.locator("#id_title").press("Enter")
    page.wait_for_selector("input[name=keep-title]")

    page.locator("input[name=keep-title]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_function(READY)

    assert page.input_value("#id_title") == "Mine"
    assert page.input_value("#id_opened_version") == "2"


def test_remark_that_was_begun_outlives_the_saving_of_the_form(page, officer):
    visit(page, page_of(make_message()))
    page.fill("#remark-text", "Which hall?")

    page.locator("input[name=_continue]").click()
    page.wait_for_selector(".messagelist")
    page.wait_for_function(READY)
    page.wait_for_function("() => document.getElementById('remark-text').value === 'Which hall?'")
    page.get_by_role("button", name="Add the remark").click()
    page.wait_for_selector(".remarks li")
    visit(page, page_of(Message.objects.get()))

    assert page.input_value("#remark-text") == ""


def test_offers_and_the_page_of_two_texts_have_no_faults(page, officer):
    message = make_message(title="Saved", body="<p>Saved text.</p>")
    boris = make_officer(first_name="Boris", last_name="Lvov")
    typed = {"title": "Mine", "body": "<p>My text.</p>", "opened_version": "1", "unsaved_token": str(uuid4())}
    row = unsaved.keep(officer, message.kind, message, as_querydict(typed.items()), 1)
    change(message, title="Theirs", changed_by=boris)
    presence.opened(message, boris)
    remark(message, boris, "Which hall?")
    found = {}

    for address in (
        page_of(message),
        f"{page_of(message)}?unsaved={row.token}",
        f"{page_of(message, 'conflict')}?unsaved={row.token}",
    ):
        page.goto(address)
        page.wait_for_function(f"() => !document.querySelector('.django-ckeditor-widget') || ({READY.strip()})()")
        found[address] = faults_of(page)

    assert {address: faults for address, faults in found.items() if faults} == {}
