"""Debian's Chromium, for tests that must see what a browser sees.

A module that needs it says `pytest_plugins = ["tests.browser"]` (and imports nothing from here),
marks its tests `browser` and asks for `page`, `sign_in`, and `watch` to see what the browser
complained of.
"""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REFUSALS = ("Content Security Policy", "Content-Security-Policy")


@dataclass
class Watch:
    """What a page complained of, and where it wanted to go."""

    errors: list = field(default_factory=list)
    violations: list = field(default_factory=list)
    foreign: list = field(default_factory=list)
    paths: list = field(default_factory=list)

    def console(self, message):
        """Sort a message of the console: a refusal of the Content-Security-Policy, another error, or nothing."""
        if any(words in message.text for words in REFUSALS):
            self.violations.append(message.text)
        elif message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def answered(self, response):
        """Note an answer that is an error, by its path."""
        if response.status >= 400:
            self.errors.append(f"{response.status} {urlsplit(response.url).path}")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's synchronous interface keeps an event loop running in this thread, and Django takes
        # that for asynchronous code; nothing here is.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def watch():
    """What the browser complained of while `page` was open."""
    return Watch()


@pytest.fixture
def page(browser, live_server, watch, settings):
    """A page of a new visitor of `live_server`; requests to any other host are refused and noted."""
    # The live server speaks plain HTTP.
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    own = urlsplit(live_server.url).netloc

    def route(way):
        if urlsplit(way.request.url).netloc == own:
            watch.paths.append(urlsplit(way.request.url).path)
            way.continue_()
        else:
            watch.foreign.append(way.request.url)
            way.abort()

    context.route(lambda url: url.startswith("http"), route)
    visited = context.new_page()
    visited.set_default_timeout(15_000)
    visited.on("console", watch.console)
    visited.on("pageerror", lambda error: watch.errors.append(str(error)))
    visited.on("response", watch.answered)
    yield visited
    context.close()


@pytest.fixture
def sign_in(page, live_server, settings):
    """Call it with a user: the visitor of `page` is signed in as that user, without the form."""

    def as_user(user):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return as_user
