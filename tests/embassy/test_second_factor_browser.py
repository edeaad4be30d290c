"""The pages of the second factor in Chromium: axe-core finds nothing, and the policy refuses nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP

from embassy.models import Telephone
from tests.press.factory import make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
VIEWS = [(320, "light"), (1280, "dark")]


def faults_of(page):
    """What axe-core finds in light and dark, wide and narrow; and whether the page scrolls sideways."""
    found = []
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours change in a while.
        page.wait_for_function("() => !document.getAnimations().length")
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(width, fault["id"], node["html"][:120]) for fault in violations for node in fault["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, "scrolls", page.url))
    return found


def test_officer_sets_one_up_signs_in_with_it_and_no_page_has_a_fault(page, transactional_db, watch, settings):
    settings.SECOND_FACTOR = True
    user = make_officer()
    faults = []
    page.goto("/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("input[type=submit]")
    page.wait_for_url("**/second-factor/set-up/**")
    faults += faults_of(page)
    telephone = Telephone.objects.get()

    page.fill("#id_code", f"{TOTP(telephone.bin_key).token():06d}")
    page.click("input[type=submit]")
    page.wait_for_selector(".second-factor-codes")
    faults += faults_of(page)
    codes = page.locator(".second-factor-codes code").all_inner_texts()
    page.goto("/admin/second-factor/")
    faults += faults_of(page)
    page.click("#logout-form button")
    page.goto("/admin/press/statement/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse")
    page.click("input[type=submit]")
    page.wait_for_url("**/second-factor/code/**")
    page.fill("#id_code", "wrong")
    page.click("input[type=submit]")
    page.wait_for_selector(".errorlist")
    faults += faults_of(page)
    page.fill("#id_code", codes[0])
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/press/statement/")

    assert faults == []
    assert watch.violations == []
    assert watch.foreign == []
