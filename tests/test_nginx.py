"""The project's configuration in the nginx of this machine: what it keeps, for whom, and when the application fails."""

import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server
from time import time

import pytest

from bench.proxy import nginx, program

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(program() is None, reason="nginx is not installed"),
]


class Application(BaseHTTPRequestHandler):
    """In the place of the application: counts, and answers what the server's attributes say."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers))
        content = f"answer {len(server.asked)}".encode()
        self.send_response(server.status)
        if server.keep:
            self.send_header("X-Accel-Expires", f"@{int(time()) + server.keep}")
        self.send_header("Cache-Control", "max-age=0, must-revalidate")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Nothing."""


def free_port():
    with create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Site:
    """The application behind nginx, and a client of it."""

    def __init__(self, application, port):
        self.application, self.port = application, port

    def get(self, path="/", **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer


@contextmanager
def served(folder, **options):
    application = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    application.asked, application.status, application.keep = [], 200, 100
    threading.Thread(target=application.serve_forever, daemon=True).start()
    try:
        with nginx(folder, application.server_address[1], free_port(), **options) as port:
            yield Site(application, port)
    finally:
        application.shutdown()
        application.server_close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with served(tmp_path_factory.mktemp("nginx")) as site:
        yield site


@pytest.fixture
def site(running):
    running.application.asked.clear()
    running.application.status, running.application.keep = 200, 100
    return running


def test_page_is_kept_for_as_long_as_the_application_says(site):
    assert {site.get("/kept/").text for _ in range(3)} == {"answer 1"}
    assert "X-Accel-Expires" not in site.get("/kept/").headers


def test_page_is_not_kept_if_the_application_says_nothing(site):
    site.application.keep = 0

    assert [site.get("/said-nothing/").text for _ in range(2)] == ["answer 1", "answer 2"]


@pytest.mark.parametrize("status", [404, 500, 503])
def test_error_is_never_kept(site, status):
    site.application.status, site.application.keep = status, 0

    assert [site.get(f"/error-{status}/").status for _ in range(2)] == [status] * 2
    assert len(site.application.asked) == 2


@pytest.mark.parametrize("cookie", ["session=abc", "__Host-session=abc", "a=b; session=abc"])
def test_officer_goes_past_the_cache(site, cookie):
    path = f"/officer-{len(cookie)}/"
    site.get(path)

    assert site.get(path, cookie=cookie).text == "answer 2"
    assert site.get(path).text == "answer 1"


def test_question_goes_past_the_cache_and_a_page_of_a_list_does_not(site):
    assert [site.get("/asked/?q=word").text for _ in range(2)] == ["answer 1", "answer 2"]
    assert [site.get("/asked/?page=2").text for _ in range(2)] == ["answer 3", "answer 3"]


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("deflate", None),
        ("br;q=0, gzip", None),
        ("br;q=0.5, gzip", "br"),
    ],
)
def test_application_is_asked_for_one_of_its_encodings(site, accepted, asked):
    site.get(f"/encoding-{len(accepted)}/", accept_encoding=accepted)

    assert site.application.asked[0][1]["Accept-Encoding"] == asked


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_old_page_is_given_out_when_the_application_fails(site, status):
    path = f"/old-{status}/"
    site.application.keep = 1
    kept = site.get(path).text
    site.application.status, site.application.keep = status, 0
    while len(site.application.asked) < 2:
        # nginx goes by its own clock, and asks anew when the second is over.
        threading.Event().wait(0.1)
        answer = site.get(path)

    assert (answer.status, answer.text) == (200, kept)
    assert site.get("/never-seen/").status == status


def test_what_a_visitor_claims_is_not_passed_on(site):
    site.get("/claims/", x_forwarded_for="203.0.113.9", x_forwarded_proto="https", x_forwarded_host="evil.example")

    headers = site.application.asked[0][1]
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
    assert "X-Forwarded-Host" not in headers


def test_client_that_asks_without_end_waits(tmp_path):
    with served(tmp_path, client_rate=1) as site:
        answers = [site.get("/") for _ in range(230)]

    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.status for answer in answers} == {200, 429}
    assert {answer.headers["Retry-After"] for answer in refused} == {"2"}
    # A burst of two hundred beside the one that is its due.
    assert answers[200].status == 200
