"""nginx by itself: what it answers when nobody else does has the headers that every answer has."""

import json
import os
import shutil
import socket
import subprocess
from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.conf import settings

from embassy.middleware import PERMISSIONS_POLICY

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
SOURCES = settings.BASE_DIR / "deploy" / "nginx"
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def configured(folder, port):
    """The configuration as compose's container has it, at work in `folder`, before an application that is gone."""
    site = (SOURCES / "site.conf.template").read_text()
    site = site.replace("${TRUSTED_BALANCER}", "127.0.0.1").replace("${CLIENT_RATE}", "50").replace("${TLS}", "off")
    site = site.replace("web:8000", "127.0.0.1:1").replace("listen 8080", f"listen 127.0.0.1:{port}")
    # The port of the container's own health.
    site = site.partition("# nginx's own health")[0]
    site = site.replace("/srv/static/", f"{folder}/static/").replace("/srv/nginx/", f"{SOURCES}/")
    (folder / "site.conf").write_text(site)
    main = (SOURCES / "nginx.conf").read_text()
    main = main.replace("/tmp/", f"{folder}/").replace("/etc/nginx/conf.d/*.conf", f"{folder}/site.conf")
    main = main.replace("worker_processes auto", "worker_processes 1").replace("/dev/stdout", f"{folder}/access.log")
    # As root it would become somebody who may not read the folder.
    return ("user root;\n" if os.geteuid() == 0 else "") + main


def free_port():
    """A port of this machine that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def nginx(tmp_path):
    """Its port."""
    port = free_port()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text("p {}")
    (tmp_path / "nginx.conf").write_text(configured(tmp_path, port))
    command = [NGINX, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    # It returns when it listens, in the background; what goes on writes to a file, not to a pipe that somebody reads.
    with (tmp_path / "error.log").open("w") as log:
        started = subprocess.run(command, stdout=log, stderr=log, check=False)
    assert started.returncode == 0, (tmp_path / "error.log").read_text()
    yield port
    subprocess.run([*command, "-s", "stop"], capture_output=True, check=True)


def ask(port, method, path, **headers):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, headers={"X-Forwarded-Proto": "https"} | headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders())


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 502),
        ("GET", "/static/site.css", {}, 200),
        ("GET", "/static/nothing.css", {}, 404),
        ("GET", "/static/", {}, 403),
        ("POST", "/admin/", {"Content-Length": "999999999"}, 413),
        ("GET", "/%00", {}, 400),
    ],
)
def test_its_own_answers_have_the_headers_of_every_answer(nginx, method, path, headers, status):
    found, given = ask(nginx, method, path, **headers)

    assert found == status
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"].startswith("default-src 'none'")
    assert given["Cross-Origin-Resource-Policy"] == "same-origin"
    assert given["Referrer-Policy"] == "no-referrer"
    assert given["Permissions-Policy"] == PERMISSIONS_POLICY
    assert given["Server"] == "nginx"
    if status != 400:
        assert given["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_its_log_names_no_visitor(nginx, tmp_path):
    paths = ["/search/?q=a-name", "/shared/a-key/files/a.jpg", "/admin/password_reset/MQ/a-key/", "/messages/shared/"]
    for path in paths:
        ask(nginx, "GET", path, **{"User-Agent": "somebody's browser"})
    # Its one worker writes the line of a request before it takes the next.
    ask(nginx, "GET", "/")

    lines = (tmp_path / "access.log").read_text().splitlines()[: len(paths)]
    told = ["/search/", "/shared/.../files/a.jpg", "/admin/password_reset/MQ/.../", "/messages/shared/"]
    assert [json.loads(line)["path"] for line in lines] == told
    assert {json.loads(line)["application"] for line in lines} == {"502"}
    # Also of what went wrong, which nginx would tell with all that it knows.
    written = "".join(lines) + (tmp_path / "error.log").read_text()
    assert not [word for word in ("127.0.0.1", "a-name", "browser", "a-key") if word in written]
