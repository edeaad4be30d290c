"""Remarks: append-only, and mailed to those concerned."""

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction

from press.acts import Refused, Seen
from press.models import Message, Remark
from press.remarks import concerned, remark
from press.review import approve
from tests.press.factory import change, make_message, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Everybody a message can concern, and one whom it does not."""
    names = ("author", "changer", "remarker", "approver", "writer", "stranger")
    return {
        name: make_officer("Approvers" if name == "approver" else "Officers", email=f"{name}@example.org")
        for name in names
    }


@pytest.fixture
def message(people):
    """A message that everybody but the stranger and the writer has had to do with."""
    message = make_message(by=people["author"], title="A visit")
    remark(message, people["remarker"], "Which hall?")
    change(message, title="A visit in May", changed_by=people["changer"])
    approve(message, Seen.of(message), people["approver"])
    return message


@pytest.fixture
def at_once(monkeypatch, django_capture_on_commit_callbacks):
    """What is mailed after the transaction is mailed before the test looks."""
    monkeypatch.setattr("embassy.mail.send", lambda message: message.send())
    return django_capture_on_commit_callbacks(execute=True)


def test_remark_stands_with_its_author_and_moment(message, people):
    made = remark(message, people["writer"], " The hall has\r\nno lift. ")

    assert (made.text, made.by, made.version) == ("The hall has\nno lift.", people["writer"], 2)
    assert [each.text for each in message.remarks.all()] == ["Which hall?", "The hall has\nno lift."]


def test_remark_is_mailed_to_those_concerned_but_its_writer(message, people, at_once):
    with at_once:
        remark(message, people["writer"], "The hall has no lift.")

    (sent,) = outbox.outbox
    assert sorted(sent.bcc) == [f"{name}@example.org" for name in ("approver", "author", "changer", "remarker")]
    assert sent.subject == "Remark on: A visit in May"
    assert "The hall has no lift." in sent.body
    assert f"https://press.example.org/admin/press/pressrelease/{message.pk}/change/" in sent.body


def test_writer_of_a_remark_is_not_mailed_his_own(message, people):
    assert people["author"] not in concerned(message, people["author"])


def test_deactivated_and_those_without_address_are_not_mailed(message, people):
    people["author"].is_active = False
    people["author"].save()

    assert people["author"] not in concerned(message, people["writer"])


def test_void_approval_concerns_nobody(message, people):
    change(message, title="A visit in June", changed_by=people["author"])

    assert people["approver"] not in concerned(message, people["writer"])


def test_mail_that_fails_blocks_nothing(message, people, monkeypatch, django_capture_on_commit_callbacks, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    sent = []
    monkeypatch.setattr("embassy.mail._out.submit", lambda send, mail: sent.append(send(mail)))

    with django_capture_on_commit_callbacks(execute=True):
        remark(message, people["writer"], "The hall has no lift.")

    assert message.remarks.count() == 2
    assert sent == [None]


@pytest.mark.parametrize("text", ["", " \r\n", "\x00", "x" * 2001])
def test_remark_without_text_or_too_long_is_refused(message, people, text):
    with pytest.raises(Refused):
        remark(message, people["writer"], text)


def test_database_refuses_to_change_or_delete_a_remark(message):
    for statement in ("UPDATE press_remark SET text = 'x'", "DELETE FROM press_remark"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_remarks_go_with_their_draft(people):
    message = make_message()
    remark(message, people["writer"], "Drop it.")

    message.delete()
    connection.check_constraints()

    assert not Remark.objects.exists()
    assert not Message.objects.exists()
