"""The guard removes the canary if the proof dies."""

import io
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError

from press.embargo import guard
from press.models import Edition
from tests.database import address_of_the_database


@pytest.fixture
def removals(monkeypatch):
    """How often everything was removed."""
    made = []
    # This process is the tests' own.
    monkeypatch.setattr(guard.signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(guard, "remove_all", lambda: made.append("all") or [])
    return made


def test_guard_leaves_alone_what_the_proof_has_removed_itself(removals):
    assert guard.stand_guard(io.BytesIO(guard.DONE)) == []

    assert removals == []


def test_guard_removes_the_canary_of_a_proof_that_said_nothing_more(removals):
    assert guard.stand_guard(io.BytesIO()) == []

    assert removals == ["all"]


def test_guard_tries_until_the_database_answers(removals, monkeypatch):
    answers = iter([OperationalError, OperationalError, None])
    remove_all = guard.remove_all

    def unreliable():
        if error := next(answers):
            raise error
        return remove_all()

    monkeypatch.setattr(guard, "remove_all", unreliable)
    monkeypatch.setattr(guard.connection, "close", lambda: None)
    monkeypatch.setattr(guard.time, "sleep", lambda seconds: None)

    assert guard.stand_guard(io.BytesIO()) == []

    assert removals == ["all"]


DYING = """
import django, os, signal
django.setup()
from press.embargo.canary import Words, plant, planter
from press.embargo.guard import guarded
with guarded():
    plant(Words(), planter())
    os.kill(os.getpid(), signal.{})
"""


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_nothing_is_left_of_a_proof_that_is_killed(name, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "embassy.settings",
        "DATABASE_URL": address_of_the_database(),
        "MEDIA_ROOT": str(tmp_path),
    }
    command = [sys.executable, "-c", DYING.format(name)]

    # The pipe ends when the guard has ended, too: it has it from the proof.
    subprocess.run(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, timeout=50)

    assert Edition.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
