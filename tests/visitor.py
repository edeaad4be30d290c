"""A reader's browser that keeps account of what it is asked to do and what it complains of."""

from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


class Visitor:
    """One page of a browser context; `faults` gathers what no page may do."""

    def __init__(self, context, base, site):
        self.base, self.site, self.faults = base, site, []
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def visit(self, path):
        """Open the page at `path`, be it served or canned, and wait for its fonts; returns it."""
        if path in self.site.canned:
            # Only where it is needed: a page with a route keeps nothing in its cache.
            self.page.route(self.base + path, self._serve)
        self.page.goto(path)
        self.page.unroute_all()
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self.page

    def taken_faults(self):
        """The faults since they were last taken, cookies among them."""
        cookies = [f"cookie {cookie['name']}" for cookie in self.page.context.cookies()]
        faults, self.faults = self.faults + cookies, []
        return faults

    def _serve(self, way):
        headers = {"Content-Security-Policy": _policy(), "Content-Type": "text/html; charset=utf-8"}
        way.fulfill(body=self.site.canned[urlsplit(way.request.url).path], headers=headers)

    def _asked(self, request):
        if not request.url.startswith((self.base, "data:")):
            self.faults.append(f"wanted {request.url}")

    def _console(self, message):
        # An answer that is an error is noted by its status.
        if not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{message.type}: {message.text}")

    def _answered(self, response):
        path = urlsplit(response.url).path
        if response.status >= 400 and not path.endswith("/nothing/here/"):
            self.faults.append(f"{response.status} {path}")


def _policy():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


@contextmanager
def visitor(browser, base, site, **options):
    """A Visitor in a browser context of its own; `options` are the context's."""
    context = browser.new_context(base_url=base, locale="en-GB", **options)
    try:
        yield Visitor(context, base, site)
    finally:
        context.close()


def sources(site):
    """{name: HTML} of every page, as it leaves the server."""
    return {name: site.canned.get(path) or Client().get(path).content.decode() for name, path in site.paths.items()}
