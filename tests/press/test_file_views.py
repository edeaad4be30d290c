"""Released files: public exactly while a live edition carries them, and unknown at any other moment."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from PIL import Image

from embassy.content_version import Version
from embassy.page_cache.gate import PageCache, is_kept
from embassy.page_cache.pages import Pages
from embassy.page_cache.shelf import Shelf
from press import blobs
from press.acts import Seen
from press.embargo.asking import connected
from press.models import EditionFile, Photo
from press.recall import recall
from press.release import release
from press.uploads import take_in
from press.withdraw import withdraw
from tests.press.factory import make_correction, make_live, make_message, make_officer
from tests.press.test_public import ADDRESSES, SITEMAPS
from tests.press.uploads_factory import (
    add_attachment,
    add_photo,
    addresses_of,
    make_illustrated,
    make_picture,
    uploaded,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNKNOWN = f"/files/{'0' * 64}/garden.jpg"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
# Everything by which a request could ask for less than the whole, {} being the hash that is asked for.
CONDITIONS = (
    {},
    {"If-None-Match": '"{}"'},
    {"If-None-Match": 'W/"{}"'},
    {"If-None-Match": "*"},
    {"If-Match": '"{}"'},
    {"If-Match": '"another"'},
    {"If-Modified-Since": "Tue, 01 Jan 2030 00:00:00 GMT"},
    {"If-Unmodified-Since": "Tue, 01 Jan 2019 00:00:00 GMT"},
    {"Range": "bytes=0-9"},
    {"Range": "bytes=-9"},
    {"Range": "bytes=999999999-"},
    {"Range": "bytes=0-0,-1"},
    {"Range": "bytes=0-9", "If-Range": '"{}"'},
    {"Accept": "image/avif"},
    {"Accept-Language": "ru"},
    {"Accept-Encoding": "gzip, br"},
    {"X-Requested-With": "XMLHttpRequest"},
)


def seen(client, path, method="get", condition=None):
    """Everything an answer lets a stranger see, and what it took."""
    sha256 = path.split("/")[2]
    headers = {name: value.format(sha256) for name, value in (condition or {}).items()}
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(path, headers=headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    shapes = [query["sql"].replace(sha256, "").replace(path.split("/")[3], "") for query in queries]
    return answer.status_code, content, dict(answer.headers), shapes


@pytest.fixture
def embargoed(freeze):
    """A message with files, scheduled for a minute after noon; it is noon."""
    freeze(NOON)
    message = make_illustrated(slug="secret")
    release(message, Seen.of(message), message.author, NOON + MINUTE)
    return message


def differences(client, paths, asked):
    """Where an embargoed file answers otherwise than an unknown one, as (method, condition, path)."""
    found = []
    for method, condition in asked:
        unknown = seen(client, UNKNOWN, method, condition)
        assert unknown[0] == (404 if method in {"get", "head"} else 405)
        found += [(method, condition, path) for path in paths if seen(client, path, method, condition) != unknown]
    return found


def test_embargoed_files_are_like_unknown_ones(client, embargoed, freeze):
    paths = addresses_of(embargoed)
    assert len(paths) == 10
    freeze(NOON + MINUTE - timedelta(microseconds=1))

    assert differences(client, paths, [("get", {})]) == []
    some = [path for path in paths if path.endswith(("zleadz.jpg", "zprogrammez.pdf"))]
    conditions = [("get", condition) for condition in CONDITIONS]
    assert differences(client, some, conditions + [(method, {}) for method in METHODS]) == []


@pytest.mark.prove
def test_embargoed_files_are_like_unknown_ones_whatever_is_asked(client, embargoed, freeze):
    freeze(NOON + MINUTE - timedelta(microseconds=1))
    asked = [(method, condition) for method in METHODS for condition in CONDITIONS]

    assert differences(client, addresses_of(embargoed), asked) == []


def test_no_public_address_has_a_trace_of_embargoed_files(client, embargoed, freeze):
    words = ["zleadz", "zaltz", "zcaptionz", "zcreditz", "zsecondz", "zanotherz", "zprogrammez", "ztitlez", "znotez"]
    words += [path.split("/")[2] for path in addresses_of(embargoed)] + ["/files/"]
    make_live(slug="open"), make_live(slug="corrected"), make_live(slug="ended")
    make_live(slug="open", language="ru"), make_live(slug="corrected", language="ru")
    pages = [prefix + path for prefix in ("", "/ru") for path in ADDRESSES] + SITEMAPS
    pages += ["/messages/2026/05/12/secret/", "/ru/messages/2026/05/12/secret/", "/robots.txt"]
    freeze(NOON + MINUTE - timedelta(microseconds=1))

    texts = {path: (answer := client.get(path)).content.decode().lower() + str(answer.headers) for path in pages}

    assert {path: word for path, text in texts.items() for word in words if word in text} == {}


def test_everything_is_there_on_the_minute(client, embargoed, freeze):
    freeze(NOON + MINUTE)

    page = client.get("/messages/2026/05/12/secret/").content.decode()
    for path in addresses_of(embargoed):
        status, content, headers, _queries = seen(client, path)
        assert (status, headers["Content-Length"]) == (200, str(len(content)))
        assert hashlib.sha256(content).hexdigest() == path.split("/")[2]
        assert (path in page) is True
    (card,) = (path for path in addresses_of(embargoed) if "-card-" in path)
    assert f'<meta property="og:image" content="https://press.example.org{card}">' in page
    assert f'"image":"https://press.example.org{card}"' in page
    assert all(word in page for word in ("Zaltz", "Zcaptionz", "Zcreditz", "Zanotherz", "Ztitlez", "Znotez"))


def test_file_has_the_headers_that_keep_it_harmless_and_never_past_its_gate(client, freeze):
    freeze(NOON)
    message = make_illustrated()
    release(message, Seen.of(message), message.author)
    large, document = (file for file in message.editions.get().carried if file.role in {"lead", "attachment"})

    answers = {
        file.role: client.get(f"/files/{file.file_id}/{file.name}{suffix}")
        for file, suffix in ((large, ".jpg"), (document, ".pdf"))
    }

    for role, disposition in (("lead", 'inline; filename="zleadz.jpg"'), ("attachment", "attachment; filename=")):
        headers = answers[role].headers
        assert headers["Content-Disposition"].startswith(disposition)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Content-Security-Policy"].endswith("; sandbox")
        assert headers["Cache-Control"] == "no-cache"
        assert "Last-Modified" not in headers
        assert "Set-Cookie" not in headers
    assert answers["lead"].headers["ETag"] == f'"{large.file_id}"'
    assert answers["attachment"].headers["Content-Type"] == "application/pdf"


@pytest.fixture
def live_path(freeze):
    """The address of a live document, and its bytes."""
    freeze(NOON)
    message = make_message()
    file = add_attachment(message).file
    release(message, Seen.of(message), message.author)
    with blobs.opened(file.sha256) as whole:
        return f"/files/{file.sha256}/programme.pdf", whole.read()


def test_file_takes_one_query(client, live_path):
    assert len(seen(client, live_path[0])[3]) == 1


def test_known_file_is_answered_with_304(client, live_path):
    status, content, headers, _queries = seen(client, live_path[0], condition={"If-None-Match": '"{}"'})

    assert (status, content) == (304, b"")
    assert headers["Cache-Control"] == "no-cache"
    # They take the place of those the browser has.
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_other_condition_fails(client, live_path):
    assert seen(client, live_path[0], condition={"If-Match": '"another"'})[0] == 412


def test_head_has_the_length_and_no_content(client, live_path):
    path, whole = live_path

    status, content, headers, _queries = seen(client, path, "head")

    assert (status, content, headers["Content-Length"]) == (200, b"", str(len(whole)))


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=5-5", 5, 5),
        ("bytes=10-", 10, None),
        ("bytes=-4", -4, None),
        ("bytes=0-999999", 0, None),
    ],
)
def test_part_of_a_file(client, live_path, wanted, first, last):
    path, whole = live_path
    part = whole[first : None if last is None else last + 1]

    status, content, headers, _queries = seen(client, path, condition={"Range": wanted})

    assert (status, content, headers["Content-Length"]) == (206, part, str(len(part)))
    start = first % len(whole)
    assert headers["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(whole)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "pages=1-2", "bytes=9-1", "bytes=--5", "bytes=x-", "0-9"])
def test_range_that_is_not_understood_is_answered_with_the_whole(client, live_path, wanted):
    assert seen(client, live_path[0], condition={"Range": wanted})[:2] == (200, live_path[1])


def test_range_beyond_the_end_is_refused_with_the_length(client, live_path):
    status, content, headers, _queries = seen(client, live_path[0], condition={"Range": "bytes=999999-"})

    assert (status, content, headers["Content-Range"]) == (416, b"", f"bytes */{len(live_path[1])}")


def test_part_of_another_file_than_the_browser_has_is_the_whole(client, live_path):
    answer = seen(client, live_path[0], condition={"Range": "bytes=0-3", "If-Range": '"another"'})

    assert answer[:2] == (200, live_path[1])


def test_name_must_be_the_files_own(client, live_path):
    path, _whole = live_path

    others = [path.replace("programme.pdf", name) for name in ("another.pdf", "programme.html", "programme")]
    others += [path + "/", path.upper(), path.replace("programme", "%00programme")]

    assert {client.get(other).status_code for other in others} == {404}


def test_nginx_sends_the_file_where_it_stands_in_front(client, live_path, settings):
    settings.ACCEL_LOCATION = "/stored/"
    path, _whole = live_path
    sha256 = path.split("/")[2]

    status, content, headers, _queries = seen(client, path, condition={"Range": "bytes=0-3"})

    assert (status, content) == (200, b"")
    assert headers["X-Accel-Redirect"] == f"/stored/files/{sha256[:2]}/{sha256}"
    assert headers["ETag"] == f'"{sha256}"'
    assert seen(client, UNKNOWN)[0] == 404


@pytest.fixture
def gates(settings):
    """Django behind nginx, and the page cache before it, which keeps whether a file is public."""
    settings.ACCEL_LOCATION = "/stored/"
    settings.KEPT_PAGES = {**settings.KEPT_PAGES, "file": []}
    is_kept.cache_clear()
    django, version = WSGIHandler(), count(1)
    # Each move of it is a version more.
    kept = PageCache(django, Shelf(2**20), lambda: Version(kept.number, NOON - MINUTE), Pages())
    kept.move = lambda: setattr(kept, "number", next(version))
    kept.move()
    yield django, kept
    is_kept.cache_clear()


def said(application, path, method="GET", condition=None):
    """What an application says to a stranger, and how many queries it took."""
    headers = {name: value.format(path.split("/")[2]) for name, value in (condition or {}).items()}
    headers["Host"] = "testserver"
    environ, started = RequestFactory().generic(method, path, headers=headers).environ, []
    with connected(), CaptureQueriesContext(connection) as queries:
        response = application(environ, lambda status, headers: started.append((status, sorted(headers))))
        content = b"".join(response)
    # What answers HEAD, the server sends without content.
    return *started[0], b"" if method == "HEAD" else content, len(queries)


def test_file_that_is_kept_is_given_as_django_gives_it(gates, live_path):
    django, kept = gates
    path, _whole = live_path
    assert said(kept, path)[3] == 2
    assert said(kept, path)[3] == 0
    # The last is never kept, and so asked anew.
    for each in (path, path.replace("programme.pdf", "another.pdf"), UNKNOWN):
        for method in ("GET", "HEAD"):
            for condition in CONDITIONS:
                expected = said(django, each, method, condition)[:3]
                assert [said(kept, each, method, condition)[:3] for _ in range(2)] == [expected] * 2, condition


def test_file_that_is_kept_costs_no_query_and_ends_with_its_edition(gates, freeze):
    _django, kept = gates
    freeze(NOON)
    message = make_illustrated()
    release(message, Seen.of(message), message.author)
    path, _second = addresses_of(message)[:2]
    first = said(kept, path)

    assert first[3] == 2
    assert said(kept, path) == (*first[:3], 0)
    freeze(NOON + MINUTE - timedelta(microseconds=1))
    withdraw(message, Seen.of(message), message.author, "Why.")
    assert said(kept, path)[0].startswith("200 ")
    kept.move()
    assert said(kept, path)[0].startswith("404 ")


def test_correction_that_drops_a_picture_makes_it_private_again(client, freeze):
    freeze(NOON)
    message = make_illustrated()
    release(message, Seen.of(message), message.author)
    before = set(addresses_of(message))
    dropped = message.photos.get(is_lead=False)
    Photo.objects.filter(pk=dropped.pk).delete()

    make_correction(message, at=NOON + MINUTE)

    freeze(NOON + MINUTE - timedelta(microseconds=1))
    assert {client.get(path).status_code for path in before} == {200}
    freeze(NOON + MINUTE)
    gone = {path for path in before if client.get(path).status_code == 404}
    assert gone == {path for path in before if "zsecondz" in path}


def test_withdrawal_makes_every_file_private_again(client, freeze):
    freeze(NOON)
    message = make_illustrated()
    release(message, Seen.of(message), message.author)
    freeze(NOON + MINUTE)

    withdraw(message, Seen.of(message), message.author, "It was about another embassy.")

    assert [seen(client, path) == seen(client, UNKNOWN) for path in addresses_of(message)] == [True] * 10


def test_recall_leaves_no_file_of_the_edition(embargoed):
    recall(embargoed, Seen.of(embargoed), embargoed.author)

    assert not EditionFile.objects.exists()
    assert embargoed.photos.count() == 2


def test_file_that_two_messages_carry_is_public_while_either_does(client, freeze):
    freeze(NOON)
    file = make_picture()
    first, second = make_message(), make_message()
    for message in (first, second):
        add_photo(message, file)
        release(message, Seen.of(message), message.author)
    freeze(NOON + MINUTE)
    withdraw(first, Seen.of(first), first.author, "Why.")

    assert client.get(f"/files/{file.sha256}/garden.jpg").status_code == 200
    withdraw(second, Seen.of(second), second.author, "Why.")
    assert client.get(f"/files/{file.sha256}/garden.jpg").status_code == 404


def test_picture_of_links_is_public_for_the_focal_point_of_the_edition_only(client, freeze):
    freeze(NOON)
    message = make_message()
    upload = Image.linear_gradient("L").resize((400, 100))
    upload.save(buffer := io.BytesIO(), "PNG")
    photo = add_photo(message, take_in(uploaded(buffer.getvalue(), "garden.png"), make_officer()), is_lead=True)
    release(message, Seen.of(message), message.author)
    Photo.objects.filter(pk=photo.pk).update(focal_x=0)
    make_correction(message, at=NOON + MINUTE)

    cards = {made.suffix: made.sha256 for made in photo.file.renditions.filter(purpose="card")}
    shown = {suffix: client.get(f"/files/{sha256}/garden{suffix}").status_code for suffix, sha256 in cards.items()}

    assert shown == {"-card-50-50.jpg": 200, "-card-0-50.jpg": 404}
