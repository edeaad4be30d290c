"""A browser for attacks, without the policy that would stop them: `visited`, in which an administrator is signed in.

A module that needs it says `pytest_plugins = ["tests.browser", "tests.attacked"]`. Two lines of defence are
tested apart: here the cleaning and the escaping alone, in tests/embassy/test_middleware.py the policy.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.attacks import HOOKS


@pytest.fixture
def visited(browser, live_server, settings):
    """A page without a policy, in which an administrator is signed in."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    context.add_cookies([cookie])
    context.route(lambda url: not url.startswith(live_server.url), lambda way: way.abort())
    context.add_init_script(HOOKS)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()
