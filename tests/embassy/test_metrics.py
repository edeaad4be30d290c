"""What Prometheus reads: counted in all workers, at a port of its own, nothing personal and no address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from embassy import mail, metrics
from embassy.models import BackupRun
from embassy.page_cache.shelf import OUTCOME
from tests.addresses import addresses
from tests.press.factory import make_live

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PORT = 9100


@pytest.fixture
def site(settings):
    """A measured application that answers 200, and says what the page cache did as its path asks."""
    settings.METRICS_PORT = PORT

    def application(environ, start_response):
        environ[OUTCOME] = "kept" if environ["PATH_INFO"] == "/" else "rendered"
        start_response("404 Not Found" if "nothing" in environ["PATH_INFO"] else "200 OK", [])
        return [b"page"]

    return metrics.measured(application)


def ask(site, path, port=8000, method="GET"):
    started = []
    environ = RequestFactory().generic(method, path).environ | {"SERVER_PORT": str(port)}
    body = b"".join(site(environ, lambda status, headers: started.append((status, dict(headers)))))
    return *started[0], body


def samples(site):
    """{(name, labels): value} as Prometheus reads them."""
    status, headers, body = ask(site, "/anything", PORT)
    assert (status, headers["Content-Type"]) == ("200 OK", metrics.CONTENT_TYPE_LATEST)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def difference(site, act):
    """Which counts `act()` moved, and by how much."""
    before = samples(site)
    act()
    after = samples(site)
    return {
        (name, labels): value - before.get((name, labels), 0)
        for (name, labels), value in after.items()
        if name.endswith("_total") and value != before.get((name, labels), 0)
    }


def test_requests_are_counted_by_route_method_and_status(site):
    def visits():
        ask(site, "/")
        ask(site, "/ru/")
        ask(site, "/messages/2026/05/12/a-secret/", method="PROPFIND")
        ask(site, "/nothing/here/")
        ask(site, "/static/css/site.css")

    moved = difference(site, visits)

    requests = {
        tuple(value for _label, value in labels): count
        for (name, labels), count in moved.items()
        if name == "press_office_requests_total"
    }
    assert requests == {
        ("GET", "press:home", "200"): 2,
        ("other", "press:message", "200"): 1,
        ("GET", "unknown", "404"): 1,
        ("GET", "static", "200"): 1,
    }
    assert moved["press_office_page_cache_total", (("outcome", "kept"),)] == 1
    assert moved["press_office_page_cache_total", (("outcome", "rendered"),)] == 4


def test_public_port_tells_no_metrics(site, client, settings):
    for path in ("/metrics", "/metrics/", "/"):
        assert b"press_office" not in ask(site, path)[2]
        assert b"press_office_requests" not in client.get(path, headers={"host": f"testserver:{PORT}"}).content


def test_labels_are_bounded_and_name_no_address(site):
    known = {address.name for address in addresses()} | {"unknown", "static", "unnamed"}
    for number in range(50):
        ask(site, f"/messages/2026/05/12/secret-{number}/")
        ask(site, f"/secret-{number}", method=f"M{number}")
        ask(site, f"/admin/press/statement/{number}/change/")

    labels = [dict(labels) for _name, labels in samples(site)]

    assert {each["route"] for each in labels if "route" in each} <= known
    assert {each["method"] for each in labels if "method" in each} <= {*metrics.METHODS, "other"}
    assert "secret" not in str(labels)


def test_what_the_database_knows_is_told(site, freeze):
    freeze(NOON)
    make_live(title="Zopenz", slug="zopenz")
    make_live(title="Zlaterz", slug="zlaterz", at=NOON + HOUR)
    BackupRun.objects.create(began_at=NOON - 3 * HOUR, ended_at=NOON - 2 * HOUR, archive="a.tar", size=1)

    found = samples(site)

    of_press = (("part", "press"),)
    assert found["press_office_live_editions", of_press] == 1
    assert found["press_office_next_release_seconds", of_press] == 3600
    assert found["press_office_scheduled", of_press] == 1
    assert found["press_office_overdue_sign_offs", of_press] == 0
    assert ("press_office_next_release_seconds", (("part", "consular"),)) not in found
    assert found["press_office_backup_age_seconds", ()] == 7200
    assert found["press_office_database_up", ()] == 1
    assert "zlaterz" not in ask(site, "/", PORT)[2].decode().lower()


def test_database_that_does_not_answer_is_told(site, monkeypatch):
    def refuse(at):
        raise OperationalError

    monkeypatch.setattr(metrics, "signs", refuse)

    found = samples(site)

    assert found["press_office_database_up", ()] == 0
    assert not any(name == "press_office_live_editions" for name, _labels in found)


def test_mails_are_counted(site):
    class Letter:
        def __init__(self, error=None):
            self.error = error

        def send(self):
            if self.error:
                raise self.error

    moved = difference(site, lambda: [mail.send(each).result() for each in (Letter(), Letter(OSError("gone")))])

    assert moved == {
        ("press_office_mails_total", (("outcome", "sent"),)): 1,
        ("press_office_mails_total", (("outcome", "failed"),)): 1,
    }
    assert samples(site)["press_office_mail_queue", ()] == 0


def test_nothing_is_counted_where_no_port_is_set(settings):
    settings.METRICS_PORT = 0
    application = object()

    assert metrics.measured(application) is application
