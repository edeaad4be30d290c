"""The pages of the second factor in Chromium: axe-core finds nothing, and the policy refuses nothing."""

import pytest
from django_otp.oath import TOTP

from embassy.models import Telephone
from tests.accessibility import faults_of
from tests.press.factory import make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser


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
