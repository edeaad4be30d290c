"""The page "State of the site" in Chromium: axe-core finds nothing, well or in trouble."""

import pytest
from django.contrib.auth.models import User

from tests.accessibility import faults_of

pytest_plugins = ["tests.browser"]
pytestmark = [pytest.mark.browser, pytest.mark.prove]


def test_axe_finds_nothing(transactional_db, sign_in, page):
    sign_in(User.objects.create_superuser("administrator"))

    page.goto("/admin/state/")

    assert faults_of(page) == []
