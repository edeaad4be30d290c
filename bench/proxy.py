"""The nginx of this machine with the project's own configuration, in front of a server on this machine."""

import gzip
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

DEPLOY = Path(__file__).resolve().parent.parent / "deploy" / "nginx"


def program():
    """Where nginx is, or None."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


@contextmanager
def nginx(folder, upstream, port, client_rate=1000, media="/srv/media"):
    """Serve on `port` what the server on port `upstream` answers; all files are in `folder`. Yields the port."""
    main = (DEPLOY / "nginx.conf").read_text().replace("/tmp/", f"{folder}/").replace("/etc/nginx/conf.d", str(folder))  # noqa: S108 — what is replaced
    if os.geteuid() == 0:
        # Its workers must write into a folder of ours.
        main = f"user root;\n{main}"
    site = (DEPLOY / "site.conf.template").read_text()
    for placeholder, value in {
        "${TRUSTED_BALANCER}": "192.0.2.1",
        "${CLIENT_RATE}": str(client_rate),
        "/srv/nginx/tls-${TLS}.conf": str(DEPLOY / "tls-off.conf"),
        "server web:8000;": f"server 127.0.0.1:{upstream};",
        "/srv/static/": f"{folder}/static/",
        "/srv/media/": f"{media}/",
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "listen 127.0.0.1:8081;": f"listen unix:{folder}/health;",
    }.items():
        site = site.replace(placeholder, value)
    (folder / "nginx.main").write_text(main.replace("/dev/stdout", f"{folder}/access.log"))
    (folder / "site.conf").write_text(site)
    command = [program(), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.main", "-g", "daemon off;"]
    process = subprocess.Popen(command)  # noqa: S603 — ours
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def add_file(folder, name, content):
    """Lay a static file for nginx to send, compressed beside it as deployed ones are; returns its address."""
    (folder / "static").mkdir(exist_ok=True)
    (folder / "static" / name).write_bytes(content)
    (folder / "static" / f"{name}.gz").write_bytes(gzip.compress(content, 6, mtime=0))
    return f"/static/{name}"


def _wait(port):
    deadline = time.monotonic() + 20
    while True:
        try:
            return create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
