"""The page cache, in front of Django: what was rendered is given again for as long as it is true.

A page is a function of the public content, the minute and the address. So an answer is kept under
the content's version, read before the first row and unchanged after the last, and the minute of the
moment it was rendered for; it is rendered from these and nothing else of the request. Whoever has a
session, asks for an address that is not in settings.KEPT_PAGES, or adds a parameter that it does
not know, is answered by Django itself.
"""

import re
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.core.signals import request_started
from django.db import Error, connection
from django.dispatch import receiver
from django.http.request import split_domain_port, validate_host

from embassy import clock, content_version
from embassy.page_cache.answer import Answer, is_known
from embassy.page_cache.flights import Flights
from embassy.page_cache.outage import Outage
from embassy.page_cache.pages import Pages
from embassy.page_cache.shelf import FAILURE, MOMENT, OUTCOME, STAMP, Shelf, Stamp
from embassy.routes import match_of

# Of a request Django gets these to render a page that is kept: no cookie, no preference, no condition.
PASSED_ON = (
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.errors",
    "wsgi.multiprocess",
    "wsgi.multithread",
    "wsgi.run_once",
    "wsgi.url_scheme",
    "wsgi.version",
)
# One parameter, written in the one way that our own links write it.
CANONICAL_QUERY = re.compile(r"([a-z]+)=[1-9][0-9]{0,5}")
# Seldom asked, and of files only: Django knows what to say.
OTHER_CONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
# While something public changes during every rendering, the last one is given out, and not kept.
ATTEMPTS = 3
# Proxies may keep a page for two seconds, which nginx counts in whole ones.
PROXY_SECONDS = 2


def in_front_of(application):
    """The WSGI `application` behind a page cache, if the settings want one."""
    capacity = settings.PAGE_CACHE_MEBIBYTES * 2**20
    return PageCache(application, Shelf(capacity), pages=Pages()) if capacity and not settings.DEBUG else application


class PageCache:
    """A WSGI application in front of Django's; `pages` renders what is kept, or Django itself where there are none."""

    def __init__(self, application, shelf, version=content_version.current, pages=None):
        self.application = application
        self.pages = pages or application
        self.shelf = shelf
        self.version = version
        self.flights = Flights()
        self.outage = Outage(version)

    def __call__(self, environ, start_response):
        """Answer from what is kept, or render and keep it, or leave it all to Django."""
        if not is_readers(environ) or not is_kept(environ["PATH_INFO"], environ.get("QUERY_STRING", "")):
            return self.application(environ, start_response)
        try:
            answer, moment = self.outage.shorten(lambda: self._answer(environ))
        except Error as error:
            return self.application({**environ, FAILURE: error}, start_response)
        if answer.etag_of_file:
            return self._give_file(answer, environ, start_response)
        return give(answer, moment, environ, start_response)

    def _give_file(self, answer, environ, start_response):
        """Let the proxy in front give a file out, or say that nothing has changed."""
        if not OTHER_CONDITIONS.isdisjoint(environ):
            return self.application(environ, start_response)
        known = is_known(answer.etag_of_file, environ.get("HTTP_IF_NONE_MATCH", ""))
        said = answer.unchanged if known else answer
        start_response(said.status, said.headers)
        return []

    def _answer(self, environ):
        """The answer for this moment, and the moment. Raises django.db.Error: the version cannot be read."""
        address = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        for _attempt in range(ATTEMPTS):
            version = self.version()
            # What this version brought is live at the database's moment, if our clock is behind, too.
            moment = max(clock.now(), version.moved_at)
            stamp = Stamp(version.number, int(moment.timestamp()) // 60)
            answer, is_true = self._kept_or_rendered(address, stamp, moment, environ)
            if is_true:
                break
        return answer, moment

    def _kept_or_rendered(self, address, stamp, moment, environ):
        answer = self.shelf.get(address, stamp)
        environ[OUTCOME] = "kept" if answer else "rendered"
        if answer:
            return answer, True
        return self.flights.share((address, stamp), lambda: self._render(address, stamp, moment, environ))

    def _render(self, address, stamp, moment, environ):
        """An answer and whether it is all of the stamp's version, in which case it is kept."""
        # Another thread may have landed since this one looked.
        answer = self.shelf.get(address, stamp)
        if answer:
            return answer, True
        asked = {**reduced(environ), MOMENT: moment, STAMP: stamp}
        answer = rendered(self.pages, asked.copy())
        if answer.etag_of_file:
            answer.unchanged = rendered(self.pages, {**asked, "HTTP_IF_NONE_MATCH": answer.etag_of_file})
        is_true = self.version().number == stamp.version
        if is_true and answer.is_page:
            self.shelf.put(address, stamp, answer)
        return answer, is_true


def is_readers(environ):
    """Whether it is a reader's request for something to read, by a name and a scheme of this site."""
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and (environ["wsgi.url_scheme"] == "https" or not settings.SECURE_SSL_REDIRECT)
        and is_ours(environ.get("HTTP_HOST", ""))
    )


@lru_cache(maxsize=64)
def is_ours(host):
    """Whether the site answers under the name in a Host header."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


@lru_cache(maxsize=4096)
def is_kept(path, query):
    """Whether the pages of this address are kept, and know the one parameter of its query."""
    if not path.isascii() or path.startswith(settings.STATIC_URL):
        return False
    match = match_of(path)
    parameters = match and settings.KEPT_PAGES.get(match.view_name)
    if parameters is None or not query:
        return parameters is not None
    canonical = CANONICAL_QUERY.fullmatch(query)
    return bool(canonical) and canonical[1] in parameters


def reduced(environ):
    """The environ with nothing in it but what decides a page."""
    return {
        "REQUEST_METHOD": "GET",
        "wsgi.input": BytesIO(),
        **{name: environ[name] for name in PASSED_ON if name in environ},
    }


@receiver(request_started)
def trust_the_connection(environ=None, **_arguments):
    """Spare Django's own check of a connection on which the version was read just now."""
    if environ and STAMP in environ:
        connection.health_check_done = True


def rendered(application, environ):
    """The Answer of `application`."""
    started = []
    response = application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
    try:
        content = b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()
    return Answer(*started[-1], content)


def give(answer, moment, environ, start_response):
    """Give `answer` out as WSGI wants it: whole, without content, or only that nothing has changed."""
    without_content = environ["REQUEST_METHOD"] == "HEAD"
    if not answer.is_page:
        start_response(answer.status, answer.headers)
        return [] if without_content else [answer.content]
    variant = answer.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
    lifetime = ("X-Accel-Expires", proxy_lifetime(moment))
    if is_known(variant.etag, environ.get("HTTP_IF_NONE_MATCH", "")):
        start_response("304 Not Modified", [*variant.headers_unchanged, lifetime])
        return []
    start_response(answer.status, [*variant.headers, lifetime])
    return [] if without_content else [variant.content]


def proxy_lifetime(moment):
    """Until when nginx may keep an answer of `moment`, as X-Accel-Expires: two seconds, not past the minute.

    nginx counts whole seconds and keeps through the one that is named, so that one is the next, or
    this one where the next begins a minute.
    """
    second = int(moment.timestamp())
    return f"@{second + min(PROXY_SECONDS - 1, 59 - second % 60)}"
