"""The page cache as a server sees it: what is kept, for whom, for how long, and what is not."""

import gzip
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Event
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

from embassy import clock, content_version
from embassy.content_version import Version
from embassy.page_cache.gate import PageCache, in_front_of, is_kept, proxy_lifetime
from embassy.page_cache.pages import Pages
from embassy.page_cache.shelf import FAILURE, MOMENT, Shelf
from press.acts import Seen
from press.featuring import feature
from press.withdraw import withdraw
from tests.press.factory import change, make_live, make_message, make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EARLIER = NOON - timedelta(days=1)


class Django:
    """In the place of Django: answers with the number of the call, and notes the environ."""

    def __init__(self, status="200 OK", during=lambda: None):
        self.status, self.during, self.environs = status, during, []

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        self.during()
        start_response(self.status, [("Content-Type", "text/html"), ("X-Call", str(len(self.environs)))])
        return [f"<p>Page {len(self.environs)}</p>".encode() * 50]


class Versions:
    """In the place of the database: the version is what it was set to."""

    def __init__(self, number=1, moved_at=EARLIER):
        self.number, self.moved_at, self.reads = number, moved_at, 0

    def __call__(self):
        self.reads += 1
        return Version(self.number, self.moved_at)


class Asked:
    """An answer, as a server would send it."""

    def __init__(self, application, path="/", method="GET", query="", **headers):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        environ["wsgi.input"], environ["wsgi.errors"] = BytesIO(), sys.stderr
        response = application(environ, self._start)
        self.content = b"".join(response)
        if hasattr(response, "close"):
            response.close()

    def _start(self, status, headers, exc_info=None):
        self.status, self.headers = int(status.split()[0]), dict(headers)

    @property
    def text(self):
        return self.content.decode()


@pytest.fixture
def at(monkeypatch):
    """Call it with a moment to set the readers' clock; it stands at noon."""

    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOON)
    return set_clock


def cache(django, versions=None):
    return PageCache(django, Shelf(2**20), versions or Versions())


# Kept for as long as it is true


def test_page_is_rendered_once_while_nothing_changes(at):
    django, versions = Django(), Versions()
    page_cache = cache(django, versions)

    answers = [Asked(page_cache) for _ in range(3)]
    at(NOON + MINUTE - timedelta(microseconds=1))
    answers.append(Asked(page_cache))

    assert {answer.text for answer in answers} == {"<p>Page 1</p>" * 50}
    assert len(django.environs) == 1


def test_hit_reads_the_version_once(at):
    versions = Versions()
    page_cache = cache(Django(), versions)
    Asked(page_cache)
    versions.reads = 0

    Asked(page_cache)

    assert versions.reads == 1


def test_change_of_the_content_is_seen_at_once(at):
    versions = Versions()
    page_cache = cache(Django(), versions)
    Asked(page_cache)

    versions.number += 1

    assert "Page 2" in Asked(page_cache).text


def test_every_minute_is_rendered_anew(at):
    page_cache = cache(Django())
    Asked(page_cache)

    at(NOON + MINUTE)

    assert "Page 2" in Asked(page_cache).text


def test_page_is_rendered_for_the_moment_under_whose_minute_it_is_kept(at):
    """A rendering that begins before the minute and ends after it is never shown in the new one."""
    late = NOON + MINUTE - timedelta(microseconds=1)
    at(late)
    django = Django(during=lambda: at(NOON + MINUTE))
    page_cache = cache(django)
    Asked(page_cache)

    assert django.environs[0][MOMENT] == late
    assert "Page 2" in Asked(page_cache).text
    assert django.environs[1][MOMENT] == NOON + MINUTE


def test_reader_whose_clock_is_behind_the_database_sees_what_was_released_now(at):
    django = Django()
    Asked(cache(django, Versions(moved_at=NOON + SECOND)))

    assert django.environs[0][MOMENT] == NOON + SECOND


def test_page_that_a_change_overtook_is_rendered_again_and_not_kept(at):
    versions = Versions()
    changes = iter([True])
    django = Django(during=lambda: next(changes, None) and setattr(versions, "number", 2))
    page_cache = cache(django, versions)

    first, second = Asked(page_cache), Asked(page_cache)

    assert "Page 2" in first.text
    assert first.text == second.text
    assert len(django.environs) == 2


def test_reader_is_answered_though_the_content_never_stops_changing(at):
    versions = Versions()
    django = Django(during=lambda: setattr(versions, "number", versions.number + 1))
    page_cache = cache(django, versions)

    assert Asked(page_cache).status == 200
    assert len(page_cache.shelf) == 0


def test_concurrent_misses_render_once(at):
    entered, all_came = Event(), Event()

    def wait():
        entered.set()
        all_came.wait(5)

    django = Django(during=wait)
    page_cache = cache(django)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(Asked, page_cache) for _ in range(4)]
        entered.wait(5)
        all_came.set()
        answers = {future.result().text for future in asked}

    assert (len(answers), len(django.environs)) == (1, 1)


# For whom, and what


@pytest.mark.parametrize(
    "request_",
    [
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=abc"},
        {"cookie": f"a=b; {settings.SESSION_COOKIE_NAME}=abc"},
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"host": "evil.example"},
        {"host": ""},
        {"path": "/admin/"},
        {"path": "/healthz"},
        {"path": "/nothing/here/"},
        {"path": "/static/css/site.css"},
        {"path": "/ru/messages/\u00ff/"},
        {"query": "utm_source=mail"},
        {"query": "page=2"},
        {"path": "/messages/", "query": "page=2&utm_source=mail"},
        {"path": "/messages/", "query": "page=02"},
        {"path": "/messages/", "query": "page=0"},
        {"path": "/messages/", "query": "page=1234567"},
        {"path": "/messages/", "query": "page=2&page=3"},
        {"path": "/messages/", "query": "sort=2"},
    ],
)
def test_what_is_not_a_readers_ordinary_request_goes_to_django_as_it_came(at, request_):
    django, versions = Django(), Versions()
    page_cache = cache(django, versions)

    answers = [Asked(page_cache, **request_) for _ in range(2)]

    assert [f"Page {number}" in answer.text for number, answer in enumerate(answers, 1)] == [True, True]
    assert "ETag" not in answers[0].headers
    assert (versions.reads, len(page_cache.shelf)) == (0, 0)
    assert MOMENT not in django.environs[0]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/ru/", ""),
        ("/messages/", "page=12"),
        ("/messages/statements/2026/05/", "page=2"),
        ("/messages/2026/05/12/any/", ""),
        ("/feeds/atom.xml", ""),
        ("/consular/", ""),
        ("/robots.txt", ""),
    ],
)
def test_what_is_kept(path, query):
    assert is_kept(path, query)


def test_plain_http_goes_to_django_which_leads_to_https(at, settings):
    settings.SECURE_SSL_REDIRECT = True
    django = Django()
    page_cache = cache(django)

    Asked(page_cache)
    Asked(page_cache)

    assert len(django.environs) == 2


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved Permanently", "410 Gone", "500 Oops", "503 Later"])
def test_what_is_no_page_is_given_out_and_not_kept(at, status):
    page_cache = cache(Django(status))

    answers = [Asked(page_cache) for _ in range(2)]

    assert [answer.status for answer in answers] == [int(status[:3])] * 2
    assert ["Page 1" in answers[0].text, "Page 2" in answers[1].text] == [True, True]
    assert not {"ETag", "X-Accel-Expires"} & answers[0].headers.keys()


def test_page_is_rendered_from_nothing_but_its_address(at):
    django = Django()
    Asked(
        cache(django),
        cookie="other=1",
        accept_language="ru",
        accept_encoding="br",
        if_none_match='"x"',
        range="bytes=0-1",
        x_forwarded_host="evil.example",
        method="HEAD",
    )

    headers = {name for name in django.environs[0] if name.startswith(("HTTP_", "REMOTE"))}
    assert headers == {"HTTP_HOST"}
    assert django.environs[0]["REQUEST_METHOD"] == "GET"


def test_database_that_does_not_answer_is_a_failure_of_django(at):
    def broken():
        raise OperationalError("gone")

    django = Django("503 Service Unavailable")
    page_cache = cache(django, broken)

    assert [Asked(page_cache).status for _ in range(2)] == [503, 503]
    assert all(isinstance(environ[FAILURE], OperationalError) for environ in django.environs)


def test_page_of_a_failure_needs_no_database_and_has_the_strict_policy(at, db, django_assert_num_queries):
    def broken():
        raise OperationalError("gone")

    with django_assert_num_queries(0):
        answer = Asked(PageCache(get_wsgi_application(), Shelf(2**20), broken))

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Something went wrong" in answer.text


# As HTTP wants it


def test_known_page_is_not_sent_again(at):
    page_cache = cache(Django())
    etag = Asked(page_cache, accept_encoding="gzip").headers["ETag"]

    answer = Asked(page_cache, accept_encoding="gzip", if_none_match=etag)

    assert (answer.status, answer.content) == (304, b"")
    assert answer.headers.keys() == {"ETag", "Cache-Control", "Vary", "X-Accel-Expires"}
    assert Asked(page_cache, if_none_match=etag).status == 200


def test_head_has_the_headers_of_get_and_no_content(at):
    page_cache = cache(Django())

    head, get = (Asked(page_cache, method=method, accept_encoding="gzip") for method in ("HEAD", "GET"))

    assert head.headers == get.headers
    assert (head.content, gzip.decompress(get.content)) == (b"", b"<p>Page 1</p>" * 50)


@pytest.mark.parametrize(
    ("second", "until"), [(0, 1), (0.9, 1), (1, 2), (57, 58), (58, 59), (58.999999, 59), (59, 59), (59.999999, 59)]
)
def test_proxy_keeps_a_page_for_two_seconds_and_never_past_the_minute(second, until):
    """nginx keeps an answer until the end of the second that it is told."""
    assert proxy_lifetime(NOON + second * SECOND) == f"@{int(NOON.timestamp()) + until}"


def test_switched_off_it_is_not_there(settings):
    django = Django()
    settings.PAGE_CACHE_MEBIBYTES = 0
    assert in_front_of(django) is django

    settings.PAGE_CACHE_MEBIBYTES = 1
    in_front = in_front_of(django)
    assert (type(in_front), in_front.application, type(in_front.pages)) == (PageCache, django, Pages)
    settings.DEBUG = True
    assert in_front_of(django) is django


# With the real site behind it


class Counted:
    """The real application; counts how often it is asked."""

    def __init__(self):
        self.application, self.calls = get_wsgi_application(), 0

    def __call__(self, environ, start_response):
        self.calls += 1
        return self.application(environ, start_response)


@pytest.fixture
def site(transactional_db, freeze):
    freeze(NOON)
    return PageCache(Counted(), Shelf(2**22))


def test_acts_are_seen_at_once(site, freeze):
    by = make_officer()
    first = make_live(title="A first message", by=by)
    assert "A first message" in Asked(site).text

    freeze(NOON + SECOND)
    make_live(title="A second message", by=by)
    assert Asked(site).text.index("A second message") < Asked(site).text.index("A first message")
    feature(first, by, NOON + timedelta(days=1))
    assert Asked(site).text.index("A first message") < Asked(site).text.index("A second message")
    freeze(NOON + 2 * SECOND)
    first.refresh_from_db()
    withdraw(first, Seen.of(first), by, "The programme has changed.")
    assert "A first message" not in Asked(site).text


def test_drafts_throw_nothing_away(site):
    message = make_live(title="A message")
    Asked(site)

    change(message, title="A draft of it")
    make_message(title="Another draft")

    assert "A message" in Asked(site).text
    assert site.application.calls == 1


def test_scheduled_text_is_there_on_its_minute_and_not_before(site, freeze):
    make_live(title="A scheduled message", at=NOON + MINUTE)
    before = [Asked(site).text for _ in range(2)]
    freeze(NOON + MINUTE - timedelta(microseconds=1))
    before.append(Asked(site).text)

    freeze(NOON + MINUTE)

    assert not any("A scheduled message" in text for text in before)
    assert "A scheduled message" in Asked(site).text


@pytest.mark.parametrize("path", ["/", "/ru/", "/messages/", "/feeds/atom.xml", "/consular/", "/robots.txt"])
def test_kept_page_is_what_django_would_answer(site, client, path):
    make_live(title="A message")
    Asked(site, path)

    kept, plain = Asked(site, path), client.get(path)

    assert site.application.calls == 1
    assert kept.content == plain.content
    told = {
        name: value for name, value in plain.headers.items() if name not in {"ETag", "Last-Modified", "Content-Length"}
    }
    assert told.items() <= kept.headers.items()


def test_version_is_read_though_the_connection_was_cut(transactional_db):
    version = content_version.current()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def cut():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(cut).result()

    assert content_version.current() == version
