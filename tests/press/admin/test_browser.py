"""The office in Chromium: axe-core finds nothing, and an officer releases without a script."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from embassy import clock
from press.acts import Seen
from press.bin import put_in
from press.models import Edition, Kind
from press.sharing import share
from tests.accessibility import VIEWS, faults_of
from tests.press.admin.desk import page_of
from tests.press.factory import change, make_live, make_message, make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def officer(transactional_db, sign_in):
    user = make_officer(first_name="Anna", last_name="Orlova")
    sign_in(user)
    return user


def minute_in(hours):
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


def addresses():
    """A page of every sort, with something on it."""
    draft = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>"), ("When?", "<p>Now.</p>")])
    signed = make_message(Kind.STATEMENT, signatories=["One side", "Other side"])
    newer = change(make_live(title="A live message with a newer draft"), body="<p>More.</p>")
    scheduled = make_live(at=minute_in(24))
    unfinished = make_message(body="<p>On xx.</p>", teaser="")
    share(draft, draft.author, "Ms Reader", timedelta(days=7))
    return {
        "index": reverse("admin:index"),
        "list": reverse("admin:press_pressrelease_changelist"),
        "filtered list": reverse("admin:press_pressrelease_changelist") + "?state=live&q=message",
        "add": reverse("admin:press_statement_add"),
        "form": page_of(newer),
        "Q&A": page_of(draft),
        "statement": page_of(signed),
        "history": page_of(newer, "history"),
        "difference": page_of(newer, "difference") + "?from=1&to=2",
        "restore": page_of(newer, "restore") + "?version=1",
        "delete": page_of(draft, "delete"),
        "bin": reverse("admin:press_binnedmessage_changelist"),
        "in the bin": reverse("admin:press_binnedmessage_change", args=[binned().pk]),
        "preview": page_of(signed, "preview"),
        "release": page_of(draft, "release"),
        "correct": page_of(newer, "correct"),
        "recall": page_of(scheduled, "recall"),
        "reschedule": page_of(scheduled, "reschedule"),
        "share": page_of(draft, "share"),
        "held up": page_of(unfinished, "release"),
        "withdraw": page_of(newer, "withdraw"),
        "feature": page_of(newer, "feature"),
        "not possible": page_of(draft, "withdraw"),
    }


def binned():
    message = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>")])
    return put_in(message, Seen.of(message), message.author)


# A function: the policy forbids the page to evaluate an expression.
EDITORS_READY = """() =>
    !document.querySelector(".django-ckeditor-widget")
    || window.CKEDITOR && Object.values(CKEDITOR.instances).every((editor) => editor.status === "ready")
"""


def visit(page, address):
    """Open a page and wait for its editors."""
    page.goto(address)
    page.wait_for_function(EDITORS_READY)


@pytest.mark.parametrize("part", range(3))
def test_office_has_no_faults(page, officer, part):
    found = {}

    for name, address in list(addresses().items())[part::3]:
        visit(page, address)
        found[name] = faults_of(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_pages_before_the_login_have_no_faults(page, transactional_db):
    found = {}

    for address in ("/admin/login/", "/admin/password_reset/", "/admin/password_reset/done/"):
        page.goto(address)
        found[address] = faults_of(page)
    page.goto("/admin/login/")
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("input[type=submit]")
    page.wait_for_selector(".errornote")
    page.wait_for_load_state()
    found["refused"] = faults_of(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_sees_a_fault(page, transactional_db):
    wide = '<p style="width:400px">Wide</p>'
    page.set_content(
        f'<html><body><input><a href="#" >x</a><p style="color:#eee;background:#fff">Faint</p>{wide}</body></html>'
    )

    found = {(width, rule) for width, _scheme, rule, *_place in faults_of(page)}

    for width, _scheme in VIEWS:
        assert {(width, "label"), (width, "html-has-lang"), (width, "color-contrast")} <= found
    assert (320, "scrolls sideways") in found


def test_officer_releases_without_a_script(browser, live_server, transactional_db, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    user = make_officer()
    message = make_message(title="New hours")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(page_of(message, "release"))
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("input[type=submit]")
    local = clock.now() + timedelta(days=3)
    page.fill("#id_later", local.strftime("%Y-%m-%dT14:00"))

    page.click("text=Show what will happen")
    button = page.locator("button[name=confirmed]").inner_text()
    page.locator("button[name=confirmed]").click()

    assert button.startswith(f"Release on {local.day} ")
    assert " at 14:00 London, " in button
    assert "Scheduled for" in page.locator(".messagelist").inner_text()
    assert Edition.objects.get().message_id == message.pk
    context.close()


def test_enter_in_the_time_field_shows_before_it_acts(page, officer):
    message = make_message()
    page.goto(page_of(message, "release"))
    page.fill("#id_later", (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT14:00"))

    page.press("#id_later", "Enter")

    page.wait_for_selector("text=The text goes live on")
    assert not Edition.objects.exists()


def test_superuser_sees_accounts_without_faults(page, transactional_db, sign_in):
    sign_in(User.objects.create_superuser("administrator"))

    page.goto(reverse("admin:auth_user_changelist"))

    assert faults_of(page) == []
