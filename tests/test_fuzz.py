"""Nothing that anybody sends makes the site fail: every address of the resolver, hostile values, never a 500.

Nor does any answer lead to another site, or is it a table, whose formulas a spreadsheet would run.
"""

import json
from itertools import cycle, product
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from press.models import Kind
from tests.addresses import addresses
from tests.press.factory import make_live, make_message

pytestmark = pytest.mark.django_db

# As they stand in an address: percent-encoded bytes.
PLACED = [
    b"0",
    b"1",
    b"-1",
    b"9" * 19,
    b"9" * 400,
    b"%00",
    b"1%00",
    b"%ff%fe",
    b"%ed%a0%80",
    b"%e2%80%ae",
    b"..%2f..%2fetc%2fpasswd",
    b"%27%22%3e%3cx",
    b"1e9",
    b"%ef%bc%91",
    b"%7b%7b7*7%7d%7d",
    b"%0d%0aX-Injected:1",
    b"a" * 3000,
]
VALUES = ["", "0", "-1", "9" * 25, "9" * 5000, "\x00", "a\x00b", "\ufffe\u202e", "'\"><x>", "1e400", "NaN", "a" * 9000]
VALUES += ["//evil.example", "https://evil.example/x", "/\\evil.example", "javascript:alert(1)", "=1+1|' /C x'!A0"]
QUERIES = [f"{name}=%s" for name in ("page", "q", "p", "o", "state", "next", "year", "kind", "language", "e", "seen")]
QUERIES += ["_to_field=%s", "_popup=%s", "id__in=%s", "published_on__year=%s", "changed_at__gte=%s", "author=%s"]
QUERIES += ["_changelist_filters=%s", "title__startswith=%s", "pk=%s", "csrfmiddlewaretoken=%s", "%s=1", "q=a&q=%s"]
QUERIES += ["topic=%s"]
BODIES = [
    b"[" * 100_000,
    b'{"a": "\\ud800"}',
    b'{"version": 1e400, "content": {"title": null}}',
    b"null",
    b"\xff\xfe\x00",
    b'{"version": ' + b"9" * 5000 + b"}",
]


@pytest.fixture
def site(db):
    """Something at the numbers that are asked for."""
    questions = [("Why?", "<p>So.</p>")]
    return [make_live(), make_message(Kind.STATEMENT), make_message(Kind.Q_AND_A, questions=questions)]


@pytest.fixture
def visitors():
    """A stranger and an administrator, to whom an exception of a view is a 500, as it is in production."""
    stranger, administrator = Client(raise_request_exception=False), Client(raise_request_exception=False)
    administrator.force_login(User.objects.create_superuser("administrator"))
    return {"stranger": stranger, "administrator": administrator}


def failures(visitors, requests):
    """Those of `requests` ({what: call with a client}) that fail for somebody."""
    found = []
    for (what, call), (who, client) in product(requests.items(), visitors.items()):
        if fault := fault_of(call(client)):
            found.append((fault, who, what[:160]))
    return found


def fault_of(answer):
    """What no answer may be: a failure's status, a way to another site, or a table; else None."""
    if answer.status_code >= 500:
        return answer.status_code
    if leads_away(answer):
        return f"leads to {answer.headers['Location']}"
    kind = answer.headers.get("Content-Type", "")
    return kind if any(word in kind for word in ("csv", "tab-separated", "excel", "spreadsheet")) else None


def leads_away(answer):
    """Whether a browser would leave the site for what the answer says."""
    # As browsers read it.
    address = answer.headers.get("Location", "").strip().replace("\\", "/")
    parts = urlsplit(address)
    return parts.netloc not in {"", "testserver"} or parts.scheme not in {"", "http"} or address.startswith("//")


def every_path(values):
    """{path: call} for each registered address with each of `values` at every place of it."""
    paths = [address.path(dict.fromkeys(address.places, value)) for address in addresses() for value in values(address)]
    return {path: lambda client, path=path: client.get(path) for path in paths}


def test_failure_would_be_seen(visitors, monkeypatch):
    def fail(*_arguments):
        raise ValueError("as if it had no answer")

    monkeypatch.setattr("press.views.render", fail)

    assert [found[:2] for found in failures(visitors, {"/": lambda client: client.get("/")})] == [
        (500, "stranger"),
        (500, "administrator"),
    ]


def test_hostile_values_in_every_address(visitors, site):
    turn = cycle(PLACED)

    # Each address gets another few; `make prove` tries them all.
    requests = every_path(lambda address: [next(turn) for _ in range(2)] if address.places else [b""])

    assert len(requests) > 150
    assert failures(visitors, requests) == []


@pytest.mark.prove
def test_every_hostile_value_in_every_address(visitors, site):
    assert failures(visitors, every_path(lambda address: PLACED)) == []


def queried(pairs):
    """{address: call} for (Address, query, value)s; numbers at its places, so that it is found."""
    found = {}
    for address, query, value in pairs:
        path = address.path(dict.fromkeys(address.places, "1"))
        data = (query % "%s").partition("=")[0], value
        found[f"{path} {query} {value[:20]!r}"] = lambda client, path=path, data=data: client.get(path, dict([data]))
    return found


def test_hostile_parameters_at_every_address(visitors, site):
    values, queries = cycle(VALUES), cycle(QUERIES)

    pairs = [(address, next(queries), next(values)) for address in addresses()]

    assert failures(visitors, queried(pairs)) == []


@pytest.mark.prove
def test_every_parameter_at_every_address(visitors, site):
    values = cycle(VALUES)

    pairs = [(address, query, next(values)) for address in addresses() for query in QUERIES]

    assert failures(visitors, queried(pairs)) == []


def test_hostile_parameters_of_lists(visitors, site):
    lists = [
        address
        for address in addresses()
        if address.name.endswith(("statement_changelist", "press:list", "press:search"))
    ]
    values = ["\x00", "9" * 25, "9" * 5000, "-1", "a" * 9000]
    queries = [query for query in QUERIES if query != "%s=1"]
    turn = cycle(values)

    pairs = [(address, query, next(turn)) for address in lists for query in queries]

    assert failures(visitors, queried(pairs)) == []


def posted(address, value):
    """A call that fills every field that the page's form has with `value`, and sends it."""
    path = address.path(dict.fromkeys(address.places, "1"))

    def call(client):
        page = client.get(path)
        names = set()
        for part in page.context or []:
            for key in ("form", "adminform"):
                form = part.get(key)
                form = getattr(form, "form", form)
                names |= set(getattr(form, "fields", None) or {})
        data = dict.fromkeys([*names, "confirmed", "seen", "later", "action", "_save", "next"], value)
        return client.post(path, data)

    return call


def test_forms_filled_with_hostile_values(visitors, site):
    values = cycle(VALUES)
    requests = {}
    for address in addresses():
        if address.name != "admin:logout":
            value = next(values)
            requests[f"{address.route} {value[:20]!r}"] = posted(address, value)

    assert failures(visitors, requests) == []


def test_bodies_that_are_no_forms(visitors, site):
    bodies = cycle(BODIES)
    requests = {}
    for address in addresses():
        path = address.path(dict.fromkeys(address.places, "1"))
        body = next(bodies)
        requests[f"{path} {body[:30]!r}"] = lambda client, path=path, body=body: client.post(
            path, body, content_type="application/json"
        )

    assert failures(visitors, requests) == []


LEADING = [
    "//evil.example",
    "///evil.example",
    "https://evil.example/x",
    "http:evil.example",
    "https:///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\t//evil.example",
    "//evil.example@testserver/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
]


def test_nobody_is_led_away_who_signs_in_or_out():
    User.objects.create_superuser("anna", password="correct horse")
    given = {"username": "anna", "password": "correct horse"}
    for address in LEADING:
        client = Client()
        signed_in = client.post("/admin/login/", {**given, "next": address}, query_params={"next": address})
        assert (signed_in.status_code, signed_in.url) == (302, "/admin/"), address
        assert not leads_away(client.get("/admin/login/", {"next": address})), address
        assert not leads_away(client.post("/admin/logout/", {"next": address}, query_params={"next": address})), address


@pytest.mark.parametrize("path", ["//evil.example/..", "/\\evil.example", "/ru//evil.example", "/%2f/x.y"])
def test_path_leads_to_no_other_site(client, path):
    answer = client.generic("GET", path)

    assert answer.status_code in {301, 404}
    assert not leads_away(answer)


@pytest.mark.prove
def test_no_parameter_leads_away(visitors, site):
    names = [
        "next",
        "url",
        "u",
        "to",
        "redirect",
        "redirect_to",
        "return",
        "return_to",
        "continue",
        "back",
        "goto",
        "r",
    ]
    requests = {}
    for address, value in product(addresses(), LEADING):
        path, data = address.path(dict.fromkeys(address.places, "1")), dict.fromkeys(names, value)
        requests[f"{path} {value}"] = lambda client, path=path, data=data: client.get(path, data)
        if address.name != "admin:logout":
            requests[f"{path} {value} sent"] = lambda client, path=path, data=data: client.post(path, data)

    assert failures(visitors, requests) == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "X" * 50])
def test_other_methods(visitors, site, method):
    paths = ["/", "/messages/", "/admin/", "/admin/login/", "/admin/press/statement/1/change/", "/feeds/atom.xml"]

    requests = {path: lambda client, path=path: client.generic(method, path) for path in paths}

    assert failures(visitors, requests) == []


def test_body_that_is_too_big_or_has_too_many_fields(visitors, site):
    paths = ["/admin/login/", "/admin/press/pressrelease/add/", "/admin/password_reset/", "/messages/"]
    big, many = {"title": "a" * 4_000_000}, {f"f{number}": "1" for number in range(1500)}

    found = {
        (path, client.post(path, data).status_code)
        for path in paths[:3]
        for data in (big, many)
        for client in visitors.values()
    }

    assert {status for _path, status in found} <= {302, 400, 403, 413}
    assert failures(visitors, {path: lambda client, path=path: client.post(path, big) for path in paths}) == []


HOSTS = [
    "evil.example",
    "",
    "testserver:99999",
    "testserver:abc",
    "a b",
    "testserver,evil.example",
    "[::1",
    "тест",
    "testserver/../x",
    "testserver@evil.example",
    "x" * 4000,
    "testserver\r\nX: 1",
    ".",
    "testserver.",
]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: repr(host[:20]))
def test_games_with_the_host(visitors, host):
    for path in ("/", "/admin/login/", "/feeds/atom.xml", "/sitemap.xml"):
        for client in visitors.values():
            answer = client.get(path, HTTP_HOST=host, headers={"x-forwarded-host": "evil.example"})
            assert answer.status_code in {200, 302, 400}, path
            assert "evil.example" not in answer.text
            assert "99999" not in answer.text
            assert answer.status_code == 400 or not host.endswith(("evil.example", "abc")), path


def test_headers_that_nobody_means(visitors):
    headers = {
        "accept-language": "x" * 9000,
        "cookie": "session=\x00; csrf=" + "a" * 5000 + "; =;;",
        "if-none-match": '"' * 500,
        "if-modified-since": "yesterday, yesterday",
        "range": "bytes=" + "0-1," * 500,
        "content-length": "12, 12",
        "x-forwarded-for": "\x00" * 100,
        "x-request-id": "{}",
        "accept-encoding": "gzip;q=nan, br;q=-1, *;q=9e999",
    }
    requests = {
        f"{path} {name}": lambda client, path=path, name=name: client.get(path, headers={name: headers[name]})
        for path in ("/", "/messages/", "/admin/login/", "/feeds/atom.xml")
        for name in headers
    }

    assert failures({"stranger": visitors["stranger"]}, requests) == []


FILES = [
    b"\x00",
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"kind":' * 50_000,
    b"9" * 6000,
    b'{"kind": "press-release", "title": "\\ud800"}',
    b'{"kind": "press-release", "title": "a\\u0000b", "language": "en", "published_at": "2020-01-01T00:00:00Z"}',
    b'{"kind": ' + b"9" * 6000 + b"}",
    b'{"published_at": "9999-12-31T23:59:59-23:59", "kind": "press-release", "title": "a", "language": "en"}',
    b'{"published_at": "0001-01-01T00:00:00+23:59", "kind": "press-release", "title": "a", "language": "en"}',
    b"a" * 3_000_000,
]


@pytest.mark.parametrize("content", FILES, ids=lambda content: repr(content[:12]))
def test_import_refuses_what_is_no_file_of_messages(tmp_path, content):
    path = tmp_path / "hostile.jsonl"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="Nothing has been imported"):
        call_command("import_messages", path)


def test_bodies_are_what_they_seem():
    with pytest.raises(RecursionError):
        json.loads(BODIES[0])
