"""What comes over the wire to gunicorn and nginx as production has them: no request makes them fail or wait for it."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, suppress
from time import monotonic

import pytest
from django.conf import settings

from bench.proxy import nginx, program
from tests.database import address_of_the_database
from tests.test_nginx_alone import free_port

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]

WAYS = [
    "gunicorn",
    pytest.param("nginx", marks=pytest.mark.skipif(program() is None, reason="nginx is not installed")),
]
# Not ours: a method or a version that the server does not know, said as such.
CLEAR = {501, 505}
HOST = b"Host: press.example.org\r\n"
END = b"Connection: close\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
JSON = b"Content-Type: application/json\r\n"


def get(*headers, path=b"/", host=HOST):
    """A request for a page with these header lines."""
    return b"GET " + path + b" HTTP/1.1\r\n" + host + b"".join(line + b"\r\n" for line in headers) + END


def post(body, *headers, path=b"/admin/login/", length=True):
    """A form with this body."""
    said = [b"Content-Length: %d" % len(body)] if length else []
    lines = b"".join(line + b"\r\n" for line in [*headers, *said])
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + lines + END + body


CHUNKED = b"Transfer-Encoding: chunked"
REQUESTS = {
    "nothing": b"\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(80) + b"\r\n\r\n",
    "bytes": bytes(range(256)) * 8 + b"\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\n" + HOST + END,
    "no version": b"GET / HTTP/\r\n" + HOST + END,
    "method in small letters": b"get / HTTP/1.1\r\n" + HOST + END,
    "long method": b"A" * 5000 + b" / HTTP/1.1\r\n" + HOST + END,
    "method with bytes": b"G\xffT / HTTP/1.1\r\n" + HOST + END,
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + END,
    "TRACE": b"TRACE / HTTP/1.1\r\n" + HOST + END,
    "asterisk": b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    "long path": get(path=b"/" + b"a" * 60_000),
    "long query": get(path=b"/search/?q=" + b"a" * 7000),
    "deep path": get(path=b"/messages" + b"/.." * 1500 + b"/etc/passwd"),
    "NUL in the path": get(path=b"/messages/\x00/"),
    "coded NUL": get(path=b"/messages/%00/"),
    "bytes in the path": get(path=b"/\xff\xfe/"),
    "half a surrogate pair": get(path=b"/messages/%ed%a0%80/?q=%ed%b0%80"),
    "broken code": get(path=b"/messages/%zz/%/"),
    "space in the path": get(path=b"/messages/ /"),
    "another host's address": get(path=b"http://evil.example/"),
    "address with a name in it": get(path=b"http://somebody:secret@press.example.org/"),
    "two slashes": get(path=b"//evil.example/%2e%2e"),
    "no host": get(host=b""),
    "empty host": get(host=b"Host:\r\n"),
    "two hosts": get(host=HOST + b"Host: evil.example\r\n"),
    "host with a port": get(host=b"Host: press.example.org:99999\r\n"),
    "host with a path": get(host=b"Host: press.example.org/../x\r\n"),
    "host with bytes": get(host=b"Host: \xff\xfe\r\n"),
    "host with NUL": get(host=b"Host: press\x00.example.org\r\n"),
    "host of an IPv6": get(host=b"Host: [::1\r\n"),
    "long host": get(host=b"Host: " + b"a" * 7000 + b"\r\n"),
    "forwarded host": get(b"X-Forwarded-Host: evil.example", b"X-Forwarded-Host: other.example"),
    "header without a colon": get(b"X-Nothing"),
    "header without a name": get(b": value"),
    "header with a space": get(b"X-Space : value"),
    "folded header": get(b"X-Folded: a\r\n b"),
    "header with NUL": get(b"X-Nul: a\x00b"),
    "header with bytes": get(b"X-Bytes: \xff\xfe", b"Cookie: session=\xff", b"Referer: \xff"),
    "bare line feeds": get(b"X-Lines: a\nX-Injected: b"),
    "many headers": get(*(b"X-%d: 1" % number for number in range(500))),
    "long header": get(b"X-Long: " + b"a" * 60_000),
    "underscores": get(b"X_Forwarded_For: 127.0.0.1", b"CONTENT_LENGTH: 5"),
    "twice the same": get(b"Cookie: a=1", b"Cookie: session=x; session=y", b"Accept-Language: ru", b"Accept-Language:"),
    "twice what it has": get(b"If-None-Match: a", b"If-None-Match: *", b"If-Modified-Since: x", b"If-Modified-Since:"),
    "twice a range": get(b"Range: bytes=0-1", b"Range: bytes=-9" + b"9" * 400),
    "twice the encoding": get(b"Accept-Encoding: br;q=nan", b"Accept-Encoding: gzip;q=9e999, *;q=-1"),
    "many cookies": get(b"Cookie: " + b"; ".join(b"c%d=1" % number for number in range(1000))),
    "upgrade": get(b"Upgrade: h2c", b"HTTP2-Settings: AAAA"),
    "expectation": post(b"a=1", FORM.strip(), b"Expect: 200-ok"),
    "two lengths": post(b"a=1", b"Content-Length: 30", FORM.strip()),
    "two equal lengths": post(b"a=1", b"Content-Length: 3", FORM.strip()),
    "lengths in one": post(b"a=1", b"Content-Length: 3, 3", length=False),
    "negative length": post(b"a=1", b"Content-Length: -3", length=False),
    "length with a sign": post(b"a=1", b"Content-Length: +3", length=False),
    "length in words": post(b"a=1", b"Content-Length: three", length=False),
    "long length": post(b"a=1", b"Content-Length: " + b"9" * 400, length=False),
    "length of other digits": post(b"a=1", "Content-Length: ٣".encode(), length=False),
    "no length": post(b"a=1", length=False),
    "length and chunks": post(b"3\r\na=1\r\n0\r\n\r\n", CHUNKED),
    "chunks twice": post(b"3\r\na=1\r\n0\r\n\r\n", CHUNKED, CHUNKED, length=False),
    "chunks that are none": post(b"zz\r\na=1\r\n", CHUNKED, length=False),
    "negative chunk": post(b"-3\r\na=1\r\n0\r\n\r\n", CHUNKED, length=False),
    "endless chunk": post(b"f" * 40 + b"\r\na=1\r\n0\r\n\r\n", CHUNKED, length=False),
    "chunk with more": post(b"3;x=" + b"a" * 9000 + b"\r\na=1\r\n0\r\n\r\n", CHUNKED, length=False),
    "trailer": post(b"3\r\na=1\r\n0\r\nHost: evil.example\r\n\r\n", CHUNKED, length=False),
    "another coding": post(b"a=1", b"Transfer-Encoding: gzip", length=False),
    "coding with bytes": post(b"a=1", b"Transfer-Encoding: chunked\xff", length=False),
    "compressed body": post(b"\x1f\x8b\x08", b"Content-Encoding: gzip", JSON.strip()),
    "body that is too big": post(b"title=" + b"a" * 4_000_000, FORM.strip()),
    "body far too big": post(b"title=" + b"a" * 13_000_000, FORM.strip()),
    "too many fields": post(b"&".join(b"f%d=1" % number for number in range(1500)), FORM.strip()),
    "broken form": post(b"%ff%fe=%00&=&&==&a=%", FORM.strip()),
    "form of another coding": post(b"a=\xff", b"Content-Type: application/x-www-form-urlencoded; charset=nothing"),
    "parts without a boundary": post(b"--x\r\n", b"Content-Type: multipart/form-data"),
    "parts with a strange boundary": post(b"--x\r\n", b"Content-Type: multipart/form-data; boundary=" + b"\xff" * 300),
    "parts that do not end": post(
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="\xff\x00"\r\n\r\n',
        b"Content-Type: multipart/form-data; boundary=x",
    ),
    "part in no coding": post(
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n',
        b"Content-Type: multipart/form-data; boundary=x",
    ),
    "deep JSON": post(b"[" * 900_000, JSON.strip()),
    "deep JSON to programs": post(b'{"a":' * 200_000, JSON.strip(), path=b"/api/messages/"),
    "body of a page": b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n" + END + b"a=1",
    "second request in the body": post(b"GET /admin/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", FORM.strip()),
}  # fmt: skip


@pytest.fixture(scope="module")
def static_files(tmp_path_factory):
    """The folder of the collected static files."""
    folder = tmp_path_factory.mktemp("static")
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, env={**os.environ, "STATIC_ROOT": str(folder)}, cwd=settings.BASE_DIR, check=True)
    return folder


@contextmanager
def gunicorn(static_files):
    """The port of gunicorn with production's settings, and the list that gets what it writes when it has ended."""
    port, lines = free_port(), []
    environment = {
        **os.environ,
        "DATABASE_URL": address_of_the_database(),
        "ALLOWED_HOSTS": "press.example.org",
        "SITE_URL": "http://press.example.org",
        "STATIC_ROOT": str(static_files),
        "WEB_CONCURRENCY": "2",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    options = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", *options, "embassy.wsgi"]
    server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True)
    reader = threading.Thread(target=lambda: lines.extend(server.stderr), daemon=True)
    try:
        # As many as there are workers.
        for _number in range(2):
            line = next(line for line in server.stderr if "Booting worker" in line)
            lines.append(line)
        reader.start()
        yield port, lines
    finally:
        server.terminate()
        server.wait()
        if reader.ident:
            reader.join()
        server.stderr.close()


@contextmanager
def served(way, folder, static_files):
    """The port at which the site is served in that `way`, and the lines of gunicorn."""
    with gunicorn(static_files) as (port, lines):
        if way == "gunicorn":
            yield port, lines
        else:
            with nginx(folder, port, free_port()) as outside:
                yield outside, lines


def status_of(port, request):
    """The status that `request` is answered with; 0 where the connection is closed without a word."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        # It may be refused before it is over; what is said of it comes all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        return _status(connection)


def _status(connection):
    answer = b""
    while b"\r\n" not in answer:
        try:
            piece = connection.recv(4096)
        except ConnectionResetError:
            break
        if not piece:
            break
        answer += piece
    words = answer.split(None, 2)
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0


@pytest.mark.parametrize("way", WAYS)
def test_no_request_makes_the_server_fail(way, tmp_path, static_files):
    with served(way, tmp_path, static_files) as (port, lines):
        found = {name: status_of(port, request) for name, request in REQUESTS.items()}
        afterwards = [status_of(port, get()) for _number in range(16)]

    assert {name: status for name, status in found.items() if status >= 500 and status not in CLEAR} == {}
    assert len([status for status in found.values() if status in range(400, 500)]) > 40
    assert afterwards == [200] * 16
    # What is said of them is for machines, and names nobody.
    told = [json.loads(line) for line in lines]
    assert [line for line in told if "127.0.0.1" in json.dumps(line)] == []


SLOW = 40


@pytest.mark.skipif(program() is None, reason="nginx is not installed")
def test_slow_bodies_hold_nobody_up_and_are_cut_off(tmp_path, static_files):
    start = b"POST /admin/login/ HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 5000\r\n\r\n"
    with served("nginx", tmp_path, static_files) as (port, _lines):
        slow = [socket.create_connection(("127.0.0.1", port), timeout=120) for _number in range(SLOW)]
        for connection in slow:
            connection.sendall(start + b"a")
        # More of them than the application has threads.
        meanwhile = [status_of(port, get(path=path)) for path in (b"/", b"/messages/", b"/search/?q=a") * 4]
        for connection in slow:
            connection.sendall(b"b")
        began = monotonic()
        ended = [_status(connection) for connection in slow]
        waited = monotonic() - began
        for connection in slow:
            connection.close()

    assert meanwhile == [200] * 12
    # Closed without a word, or told that it took too long; no sooner than the proxy's own patience.
    assert set(ended) <= {0, 408}
    assert waited > 10
