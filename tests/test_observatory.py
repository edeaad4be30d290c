"""Mozilla's HTTP Observatory gives the site, behind our nginx with TLS, at least 120 points of 100."""

import os
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.test_nginx_alone import NGINX, configured, free_port

TOOLS = settings.BASE_DIR / ".local" / "tools"
OBSERVATORY = TOOLS / "node_modules" / "@mdn" / "mdn-http-observatory"
CERTIFICATE = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=localhost"
# What its scan does with the answers, without its fixed ports: 80 and 443.
PROGRAM = """
import {{ retrieve }} from "{0}/src/retriever/retriever.js";
import {{ ALL_TESTS }} from "{0}/src/constants.js";
import {{ getScoreModifier }} from "{0}/src/grader/grader.js";
const found = await retrieve("localhost", {{ httpPort: {1}, httpsPort: {2} }});
let score = 100;
for (const test of ALL_TESTS) {{
  const {{ result }} = test(found);
  const points = result ? getScoreModifier(result) : 0;
  score += points;
  console.log(result, points);
}}
console.log(score);
"""

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.skipif(not OBSERVATORY.exists(), reason="the Observatory is not installed (.ci/run does it)"),
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


@pytest.fixture
def ports(tmp_path, transactional_db, settings):
    """The plain and the TLS port of an nginx before a server of its own, which believes what it says of TLS."""
    plain, tls = free_port(), free_port()
    subprocess.run(
        ["openssl", *CERTIFICATE.split(), "-addext", "subjectAltName=DNS:localhost"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, f"localhost:{tls}"
    # Begun now: the one that tests share was begun with other settings.
    server = LiveServer("127.0.0.1")
    main = configured(tmp_path, plain)
    site = (tmp_path / "site.conf").read_text().replace("127.0.0.1:1;", f"{urlsplit(server.url).netloc};")
    # Nobody's word is believed, not this machine's either: the port decides.
    site = site.replace("set_real_ip_from 127.0.0.1", "set_real_ip_from 127.0.0.9")
    site = site.replace("    127.0.0.1 1;", "    127.0.0.9 1;")
    files = f"ssl_certificate {tmp_path}/certificate.pem; ssl_certificate_key {tmp_path}/key.pem;"
    site = site.replace("server {", f"server {{ listen 127.0.0.1:{tls} ssl; {files}", 1)
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text(main)
    command = [NGINX, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    with (tmp_path / "error.log").open("w") as log:
        started = subprocess.run(command, stdout=log, stderr=log, check=False)
    assert started.returncode == 0, (tmp_path / "error.log").read_text()
    yield plain, tls
    subprocess.run([*command, "-s", "stop"], capture_output=True, check=True)
    server.stop()


def test_site_scores_at_least_120(ports, tmp_path):
    # Its list of preloaded hosts would be fetched when it is installed.
    (OBSERVATORY / "conf" / "hsts-preload.json").write_text("{}")
    program = tmp_path / "score.mjs"
    program.write_text(PROGRAM.format(OBSERVATORY.resolve(), *ports))

    ran = subprocess.run(
        ["node", str(program)],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(tmp_path / "certificate.pem")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout.split()[-1]) >= 120, ran.stdout
