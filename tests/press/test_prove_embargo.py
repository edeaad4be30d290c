"""manage.py prove_embargo: what it says, how it exits, what it writes into the audit log."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from embassy.models import AuditRecord
from press.embargo.canary import Words, plant, planter
from press.embargo.guard import Interrupted
from press.embargo.proof import Proof, Report, Unproved
from press.management.commands import prove_embargo
from press.models import Edition, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome(monkeypatch):
    """Let the proof end with a Report, or with an exception."""
    monkeypatch.setattr(prove_embargo, "guarded", nullcontext)

    def ends_with(end):
        def make(proof):
            if isinstance(end, BaseException):
                raise end
            return end

        monkeypatch.setattr(Proof, "make", make)

    return ends_with


def told():
    return list(AuditRecord.objects.filter(what="embargo-proved").values_list("details", flat=True))


def test_sound_site_is_told_with_the_number_of_questions(outcome):
    outcome(Report(1234, []))
    out = StringIO()

    call_command("prove_embargo", stdout=out)

    assert out.getvalue() == "1234 questions asked twice: no answer tells that something is scheduled.\n"
    assert told() == [{"url": "", "questions": 1234, "leaks": 0}]


def test_leaks_are_told_and_the_exit_status_says_so(outcome):
    outcome(Report(1234, ["GET /a/: differs in etag", "GET /b/: shows title"]))
    out = StringIO()

    with pytest.raises(CommandError, match=r"^2 of 1234 answers tell that something is scheduled") as failure:
        call_command("prove_embargo", url="http://127.0.0.1:1", stdout=out)

    assert failure.value.returncode == 1
    assert out.getvalue() == "GET /a/: differs in etag\nGET /b/: shows title\n"
    assert told() == [{"url": "http://127.0.0.1:1", "questions": 1234, "leaks": 2}]


@pytest.mark.parametrize(
    ("end", "sentence", "status"),
    [
        (Unproved("Why."), "Not proved: Why.", 1),
        (ConnectionRefusedError("refused"), "Not proved: refused", 1),
        (prove_embargo.TooSlow(), "Not proved: the site does not answer twice within a minute.", 1),
        (OperationalError("gone"), "Not proved: gone", 1),
        (Interrupted(), "Interrupted. Everything has been removed.", 130),
    ],
)
def test_proof_that_could_not_be_made_is_an_error(outcome, end, sentence, status):
    outcome(end)

    with pytest.raises(CommandError) as failure:
        call_command("prove_embargo")

    assert (str(failure.value), failure.value.returncode) == (sentence, status)
    assert told() == [{"url": "", "failed": True}]


def test_two_proofs_at_once_are_refused(outcome):
    outcome(Report())

    with prove_embargo.alone(), pytest.raises(CommandError, match="Not proved: another proof is under way"):
        call_command("prove_embargo")


@pytest.mark.parametrize(
    "url", ["", " ", "press.example.org", "ftp://a", "http://", "http://a:b", "http://[", "http://a/b", "http://a\x00"]
)
def test_address_that_cannot_be_asked_is_refused(outcome, url):
    outcome(Report())

    with pytest.raises(CommandError, match="--url is"):
        call_command("prove_embargo", url=url)

    assert told() == []


def test_clean_removes_what_is_there(db):
    plant(Words(), planter())

    call_command("prove_embargo", clean=True)

    assert (Edition.objects.count(), Message.everything.count()) == (0, 0)
