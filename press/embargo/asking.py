"""Ask as a stranger: directly, through everything but the network, or over HTTP, through nginx."""

import gzip
import http.client
import logging
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, reset_queries
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.http import parse_http_date, parse_http_date_safe

from embassy import clock
from embassy.content_version import Version
from embassy.page_cache.gate import PageCache
from embassy.page_cache.memo import memo
from embassy.page_cache.pages import Pages
from embassy.page_cache.shelf import MOMENT, Shelf

# What differs between any two answers, and tells nothing.
OF_THE_WAY = {"connection", "date", "keep-alive", "server", "transfer-encoding", "x-request-id"}
# Keys against forged forms are new each time.
KEY = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')
COOKIE_VALUE = re.compile(r"(^[^=]*=)[^;]*|(expires=)[^;]*")
# Of what the database is asked: numbers of rows and moments, and how many stand in a list of them.
LIST = re.compile(r"(IN \(|ARRAY\[)[^()\[\]]*")
VALUE = re.compile(r"'[^']*'|\d+")
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}
CAPACITY = 64 * 2**20
LOWEST = -(10**6)
SECONDS_TO_WAIT = 30
# A date so near is the answer's own, in seconds.
A_MOMENT = 5
# Over HTTP the clock goes on: what an answer says of its own second. What the canary does is older than OverHTTP.age.
MOMENT_IN_TEXT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
LIFETIME = re.compile(r"max-age=([1-9]\d?)(?!\d)")
OF_THE_SECOND = 2
A_MINUTE = 60
TRIES = 20
# Over HTTP a round of asking twice starts in the first seconds of a minute and ends with it; to plant and to remove
# takes so many seconds of it.
LATEST = 12
SECONDS_OF_PLANTING = 4
MOST_DELAYS = 5


class TooSlow(Exception):  # noqa: N818 — an answer, not an error
    """The site does not answer twice within a minute."""


@dataclass(frozen=True)
class Answer:
    """All that a stranger sees; directly also what the database was asked, values left out (else None)."""

    status: int
    headers: tuple
    body: bytes
    queries: tuple | None = None


def answer_of(status, headers, body, queries=None, given=None):
    """An Answer that can be compared with another: decoded, without what is new each time.

    `given` is the second at which it was given (since 1970), if the clock goes on between two answers.
    """
    encoding = next((value for name, value in headers if name.lower() == "content-encoding"), "")
    if encoding in DECODERS and body:
        body = DECODERS[encoding](body)
    kept = sorted(
        (name.lower(), _lasting(name.lower(), value, given))
        for name, value in headers
        # The length of what is compressed depends on the key, too.
        if name.lower() not in OF_THE_WAY and not (encoding and name.lower() == "content-length")
    )
    return Answer(status, tuple(kept), _without_its_second(KEY.sub(rb"\1", body), given), queries)


def _lasting(name, value, given):
    """The `value` of a header without what is new each time: a cookie's value, a date that is now, a minute's rest."""
    if name == "set-cookie":
        return COOKIE_VALUE.sub(r"\1\2", value)
    if name == "expires" and abs(parse_http_date(value) - time.time()) < A_MOMENT:
        return "at once"
    if name == "cache-control" and given is not None:
        return LIFETIME.sub(lambda found: _until(given, found), value)
    return value


def _until(given, lifetime):
    """A lifetime that ends with the minute in which it was `given` said so; any other as it is."""
    end = given % A_MINUTE + int(lifetime[1])
    return "max-age=until the minute ends" if abs(end - A_MINUTE) <= OF_THE_SECOND else lifetime[0]


def _without_its_second(body, given):
    """`body` without the moments that are the one at which it was `given`."""
    if given is None:
        return body
    return MOMENT_IN_TEXT.sub(lambda found: b"now" if _is_near(found[0], given) else found[0], body)


def _is_near(moment, given):
    try:
        return abs(datetime.fromisoformat(moment.decode()).timestamp() - given) <= OF_THE_SECOND
    except ValueError:
        return False


class Directly:
    """Ask the application in this process, page cache included, at the moment `at`: to it the clock stands still."""

    def __init__(self, at):
        self.at = at
        # Below every version there is, so that no part of a page is shared with readers.
        self.phase = LOWEST
        host = next((name for name in settings.ALLOWED_HOSTS if name.strip("*.") == name), None)
        self.common = {"SERVER_NAME": host or urlsplit(settings.SITE_URL).hostname, MOMENT: at}
        self.application, self.pages = WSGIHandler(), Pages()
        self.begin()

    def start(self):
        """Nothing has to be waited for."""

    def ask_some(self, questions):
        """The Answers to all of `questions`."""
        return [self.ask(question) for question in questions]

    # All answers are of one moment.
    ask_again = ask_some

    def begin(self):
        """Forget what was kept: what is asked from now on is asked of another state."""
        self.phase += 1
        memo.forget()
        version = Version(self.phase, self.at)
        self.kept = PageCache(self.application, Shelf(CAPACITY), lambda: version, self.pages)

    def ask(self, question):
        """The Answer to a Question."""
        factory = RequestFactory(headers=dict(question.headers), **self.common)
        request = factory.generic(question.method, question.path, secure=settings.SECURE)
        started = []
        # Django remembers the last 9,000 only, and those that it forgets would be alike in any two answers.
        reset_queries()
        with CaptureQueriesContext(connection) as queries, connected():
            response = self.kept(
                request.environ, lambda status, headers, _error=None: started.append((status, headers))
            )
            try:
                body = b"".join(response)
            finally:
                if hasattr(response, "close"):
                    response.close()
        status, headers = started[-1]
        asked = tuple(VALUE.sub("?", LIST.sub(r"\1?", query["sql"])) for query in queries)
        return answer_of(int(status.split()[0]), headers, body, asked)


class OverHTTP:
    """Ask the server at an address, by the name of the site; where it asks for patience, wait."""

    # In seconds: a proxy may keep a page for two.
    age = 3

    def __init__(self, url):
        self.address = urlsplit(url)
        self.host = urlsplit(settings.SITE_URL).netloc
        self.connection = None
        self.minute_ends_at = None
        self.delays = 0

    def start(self):
        """Wait for a minute that has room for a round: pages show the time. Raises TooSlow."""
        self.delays += 1
        if self.delays > MOST_DELAYS:
            raise TooSlow
        second = clock.now().second
        if second > LATEST:
            time.sleep(A_MINUTE - second)
        self.minute_ends_at = clock.now().replace(second=0, microsecond=0) + timedelta(seconds=A_MINUTE)

    def ask_some(self, questions):
        """The Answers to as many of `questions` as can be asked twice in this minute, one at least if there is one."""
        left = (self.minute_ends_at - clock.now()).total_seconds() - self.age - SECONDS_OF_PLANTING
        answers, end = [], time.monotonic() + left / 2
        for question in questions:
            answers.append(self.ask(question))
            if time.monotonic() > end:
                break
        return answers

    def ask_again(self, questions):
        """The Answers to those of `questions`, from the first, that are answered before the minute ends."""
        answers = []
        for question in questions:
            answer = self.ask(question)
            if clock.now() >= self.minute_ends_at:
                break
            answers.append(answer)
            self.delays = 0
        return answers

    def begin(self):
        """Let what the proxy keeps grow old."""
        time.sleep(self.age)

    def ask(self, question):
        """The Answer to a Question. Raises OSError and http.client.HTTPException."""
        for _try in range(TRIES):
            try:
                answer, patience = self._asked(question)
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server had closed the connection that was kept.
                self.close()
                answer, patience = self._asked(question)
            if answer.status != http.client.TOO_MANY_REQUESTS:
                return answer
            time.sleep(patience)
        return answer

    def close(self):
        """End the connection."""
        if self.connection:
            self.connection.close()
        self.connection = None

    def _asked(self, question):
        if self.connection is None:
            secure = self.address.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self.connection = kind(self.address.hostname, self.address.port, timeout=SECONDS_TO_WAIT)
        headers = {"Host": self.host, **dict(question.headers)}
        self.connection.request(question.method, question.path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        patience = min(int(response.headers.get("Retry-After", "1")), SECONDS_TO_WAIT)
        given = parse_http_date_safe(response.headers.get("Date", ""))
        return answer_of(response.status, response.getheaders(), body, given=given), patience


@contextmanager
def connected():
    """Keep the connection to the database, as Django's own test client does: the next question follows at once."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    try:
        yield
    finally:
        for each in signals:
            each.connect(close_old_connections)


@contextmanager
def quietly():
    """Without a log line for each of thousands of addresses that are unknown, and forms without a key."""
    loggers = [logging.getLogger(f"django.{name}") for name in ("request", "security.csrf")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
