"""When the nightly backup is made, and who hears of it if it is not."""

import subprocess
import sys
from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings

from embassy import mail
from embassy.backup import last_backup, nightly
from embassy.models import BackupRun
from tests.press.factory import make_officer

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TONIGHT = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
AT = time(2, 30)
KEEP = {"daily": 1, "weekly": 0, "monthly": 0}


@pytest.mark.parametrize(
    ("newest", "moment"),
    [
        (None, NOON),
        # Last night's.
        (NOON - timedelta(hours=9, minutes=30), TONIGHT),
        # One by hand, since.
        (NOON - timedelta(hours=1), TONIGHT),
        # Last night's was missed.
        (NOON - timedelta(hours=10), NOON),
        (NOON - timedelta(days=9), NOON),
    ],
)
def test_due_is_every_night_and_at_once_after_a_missed_one(newest, moment):
    assert nightly.due(NOON, AT, newest) == moment


def test_due_before_its_time_of_day_counts_from_yesterday():
    early = NOON.replace(hour=1)

    assert nightly.due(early, AT, early - timedelta(hours=20)) == early.replace(hour=2, minute=30)
    assert nightly.due(early, AT, early - timedelta(hours=23)) == early


@pytest.mark.django_db
def test_backup_with_a_fault_is_not_made_anew_before_the_next_night(monkeypatch):
    monkeypatch.setattr(nightly.connections, "close_all", lambda: None)
    monkeypatch.setattr(nightly.clock, "now", lambda: NOON)
    BackupRun.objects.create(began_at=NOON, ended_at=NOON, archive="one.tar", fault="A file is missing.")

    assert nightly.next_due(AT) == TONIGHT
    assert last_backup() is None


@pytest.mark.django_db
def test_failure_is_logged_and_mailed_to_the_administrators(tmp_path, monkeypatch, caplog):
    sent = []
    monkeypatch.setattr(mail, "send", sent.append)
    monkeypatch.setattr(nightly.connections, "close_all", lambda: None)
    make_officer(is_superuser=True, email="head@example.org")
    make_officer(email="officer@example.org")

    went_well = nightly.run(tmp_path / "none", KEEP, prove=True)

    assert went_well is False
    assert [(each.to, each.body) for each in sent] == [
        (["head@example.org"], f"Not backed up: {tmp_path}/none is no folder that can be written to.\n")
    ]
    assert "No proved backup: Not backed up" in caplog.text


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["press-office-2026-11-26T020000Z.tar"], ""),
        (["notes.tar"], "there is no backup\n"),
        ([], "there is no backup\n"),
    ],
)
def test_probe_of_the_container_looks_for_a_young_archive(tmp_path, names, complaint):
    for name in names:
        (tmp_path / name).touch()

    program = [sys.executable, settings.BASE_DIR / "deploy" / "backup_age.py", tmp_path, "26"]
    probe = subprocess.run(program, capture_output=True, text=True, check=False)

    assert (probe.stderr, probe.returncode) == (complaint, 1 if complaint else 0)
