"""The pages of the second factor in Chromium: axe-core finds nothing, and the policy refuses nothing.

The passkey is one of Chromium's own virtual authenticators.
"""

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import expect

from embassy.models import Passkey, Telephone
from tests.accessibility import faults_of
from tests.press.factory import make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser

# Of the kind that a laptop has: it asks for a finger, and this one answers at once.
LAPTOP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def sign_in(page, user):
    page.goto("/admin/press/statement/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("input[type=submit]")


def set_a_telephone_up(page):
    """Returns the recovery codes, and what is wrong with the pages."""
    page.wait_for_url("**/second-factor/set-up/**")
    faults = faults_of(page)
    telephone = Telephone.objects.get()
    page.fill("#id_code", f"{TOTP(telephone.bin_key).token():06d}")
    page.click("input[type=submit]")
    page.wait_for_selector(".second-factor-codes")
    return page.locator(".second-factor-codes code").all_inner_texts(), faults + faults_of(page)


def add_a_passkey(page, settings, home):
    """Twice, which the device refuses; and first where its home is elsewhere. Returns what is wrong with the page."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": LAPTOP})
    said = page.locator(".passkey [role=alert]")
    page.goto("/admin/second-factor/passkeys/add/")
    expect(said).to_have_text(
        "Passkeys work only at https://press.example.org; you have opened this page at another address."
    )
    expect(page.locator(".passkey .submit-row")).to_be_hidden()
    settings.SITE_URL = home
    page.reload()
    page.fill("#id_name", "Laptop")
    faults = faults_of(page)
    page.press("#id_name", "Enter")
    expect(page.locator(".second-factors")).to_contain_text("Passkey “Laptop”, added on")
    page.goto("/admin/second-factor/passkeys/add/")
    page.fill("#id_name", "Laptop again")
    page.press("#id_name", "Enter")
    expect(said).to_have_text("This device keeps a passkey of yours already.")
    return faults


def test_officer_sets_both_up_signs_in_with_each_and_no_page_has_a_fault(
    page, transactional_db, watch, settings, live_server
):
    settings.SECOND_FACTOR = True
    user = make_officer()
    sign_in(page, user)
    codes, faults = set_a_telephone_up(page)
    faults += add_a_passkey(page, settings, live_server.url)
    page.goto("/admin/second-factor/")
    faults += faults_of(page)

    page.click("#logout-form button")
    sign_in(page, user)
    page.fill("#id_code", "wrong")
    page.press("#id_code", "Enter")
    page.wait_for_selector(".errorlist")
    faults += faults_of(page)
    page.fill("#id_code", codes[0])
    page.press("#id_code", "Enter")
    page.wait_for_url("**/admin/press/statement/")
    page.click("#logout-form button")
    sign_in(page, user)
    expect(page.locator(".passkey input[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/press/statement/")

    assert Passkey.objects.values_list("name", "sign_count", "transports").get() == ("Laptop", 2, ["internal"])
    assert faults == []
    assert watch.violations == []
    assert watch.foreign == []
