"""The page "State of the site": all that it tells, and what wants attention."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from embassy import health, site_state
from embassy.audit import What, record
from embassy.models import BackupRun
from press.models import BrokenGlass
from tests.consular.factory import make_office, publish
from tests.press.factory import make_live, make_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def administrator(client, freeze):
    freeze(NOON)
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def shown(client):
    """{label: (words, whether it wants attention)}, of what the page shows."""
    context = client.get("/admin/state/").context
    return {row.label: (row.words, row.is_trouble) for _title, rows in context["sections"] for row in rows}


def back_up(at):
    return BackupRun.objects.create(began_at=at - HOUR, ended_at=at, archive="a.tar", size=5_000_000)


def test_healthy_site_is_well(administrator):
    back_up(NOON - HOUR)
    make_live(title="Open")
    make_live(title="Later", at=NOON + HOUR)
    record(What.EMBARGO_PROVED, url="", questions=6000, leaks=0)

    page = shown(administrator)

    # A test database outlives nothing.
    assert {label for label, (_words, is_trouble) in page.items() if is_trouble} <= {"synchronous_commit", "fsync"}
    assert page["Live messages"] == ("1", False)
    assert page["Next scheduled release of a message"][0] == "12 May 2026 at 13:00 London, 15:00 Moscow"
    assert page["Last backup"][0].startswith("12 May 2026, 11:00, 4.8")
    assert page["Last proof of the embargo"][0].endswith(": 6000 answers, no leak")
    assert page["Missing migrations"] == ("0", False)
    assert page["server_version"][0]
    assert page["Requests"] == ("not counted (METRICS_PORT)", False)


def test_what_wants_attention_is_marked(administrator, monkeypatch):
    back_up(NOON - 31 * HOUR)
    message = make_message()
    BrokenGlass.objects.create(message=message, version=1, reason="It burned", by=message.author, at=NOON)
    make_office()
    publish()
    record(What.EMBARGO_PROVED, url="", questions=6000, leaks=3)
    monkeypatch.setattr(health, "storage_faults", lambda folder: ["disk nearly full: 3 MB"])
    monkeypatch.setattr(site_state.pytz, "OLSON_VERSION", "2019a")
    monkeypatch.setattr(site_state, "CLOCKS_DIFFER", timedelta(0))

    page = shown(administrator)

    assert {label for label, (_words, is_trouble) in page.items() if is_trouble} >= {
        "Last backup",
        "Messages released without approval, to be signed off",
        "Last proof of the embargo",
        "Storage of uploaded files",
        "Time-zone data",
        "Clock of the database against ours",
    }
    assert "Attention:" in administrator.get("/admin/state/").text


def test_no_backup_and_no_proof_are_said(administrator):
    page = shown(administrator)

    assert page["Last backup"] == ("none", True)
    assert page["Last proof of the embargo"] == ("never", False)
    record(What.EMBARGO_PROVED, url="", failed=True)
    assert shown(administrator)["Last proof of the embargo"][1]


def test_number_of_queries_does_not_grow(administrator):
    def count():
        with CaptureQueriesContext(connection) as queries:
            administrator.get("/admin/state/")
        return len(queries)

    make_live()
    count()
    at_one = count()
    for _number in range(5):
        make_live()
        make_live(at=NOON + HOUR)
    assert count() == at_one
    assert at_one <= 20


def test_page_is_in_russian_for_a_russian_office(freeze):
    freeze(NOON)

    with translation.override("ru"):
        found = dict(site_state.sections(NOON))

    assert [row.label for row in found["Сохранность"]] == [
        "Последняя резервная копия",
        "Свободно на диске загруженных файлов",
        "Хранилище загруженных файлов",
    ]
