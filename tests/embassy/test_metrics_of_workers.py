"""gunicorn with two workers: whichever answers Prometheus tells what both have served, and only at its own port."""

import http.client
import os
import socket
import subprocess
import sys
from threading import Thread

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from tests.database import address_of_the_database

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True)]


def free_ports(count):
    sockets = [socket.socket() for _number in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
def ports():
    """The public port and that of the metrics of a server with two workers."""
    public, metrics = free_ports(2)
    environment = {
        **os.environ,
        "DATABASE_URL": address_of_the_database(),
        "SITE_URL": f"http://127.0.0.1:{public}",
        "METRICS_PORT": str(metrics),
        "WEB_CONCURRENCY": "2",
    }
    binds = ["--bind", f"127.0.0.1:{public}", "--bind", f"127.0.0.1:{metrics}"]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *binds, "embassy.wsgi"]
    server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True)
    try:
        booted = 0
        for line in server.stderr:
            booted += "Booting worker" in line
            if booted == 2:
                break
        # What nobody reads would make the server wait.
        reader = Thread(target=server.stderr.read, daemon=True)
        reader.start()
        yield public, metrics
    finally:
        server.terminate()
        server.wait()
        reader.join()
        server.stderr.close()


def read(port, path="/healthz"):
    """The status and the text of an answer on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def served(port):
    """How many requests for /healthz all workers have served together, as one of them tells it."""
    families = text_string_to_metric_families(read(port, "/metrics")[1])
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "press_office_requests_total" and sample.labels["route"] == "healthz"
    )


def test_any_worker_tells_what_both_have_served(ports):
    public, metrics = ports

    for _number in range(40):
        assert read(public) == (200, "ok\n")

    assert {served(metrics) for _number in range(10)} == {40}
    status, text = read(public, "/metrics")
    assert status != 200
    assert "press_office" not in text
