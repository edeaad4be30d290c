"""The bin: a deleted draft lies in it for 30 days, by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from press.acts import Refused, Seen
from press.bin import delete_for_good, purge, put_in, take_out
from press.models import BinnedMessage, BrokenGlass, Event, Kind, Message, PressRelease, Version
from press.release import release
from press.remarks import remark
from press.review import approve
from press.withdraw import withdraw
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def binned(**fields):
    message = make_message(**fields)
    return put_in(message, Seen.of(message), make_officer())


def test_binned_draft_is_out_of_every_list_of_working_copies():
    message, other = binned(), make_message()

    assert list(Message.objects.all()) == [other]
    assert [release.pk for release in PressRelease.objects.all()] == [other.pk]
    assert list(message.author.messages_written.all()) == []
    assert [each.pk for each in BinnedMessage.objects.all()] == [message.pk]


def test_draft_comes_back_as_it_was():
    message = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>")])
    approver, officer = make_officer("Approvers"), make_officer()
    approve(message, Seen.of(message), approver)
    before = Message.objects.values().get()
    put_in(message, Seen.of(message), officer)

    take_out(message, officer)

    assert Message.objects.values().get() == before
    assert message.exchanges.get().question == "Why?"
    assert [(event.what, event.by) for event in message.events.all()][:2] == [
        ("unbinned", officer),
        ("binned", officer),
    ]


@pytest.mark.parametrize("at", [None, NOON + timedelta(days=1)])
def test_message_with_an_edition_is_never_deleted(at):
    message = make_live(at=at)

    with pytest.raises(Refused):
        put_in(message, Seen.of(message), message.author)

    assert list(Message.objects.all()) == [message]


def test_withdrawn_message_is_never_deleted(freeze):
    message = make_live()
    freeze(NOON + SECOND)
    withdraw(message, Seen.of(message), message.author, "Wrong.")

    with pytest.raises(Refused):
        put_in(message, Seen.of(message), message.author)


def test_what_was_once_released_without_approval_stays_on_record():
    message = make_message()
    BrokenGlass.objects.create(message=message, version=1, reason="Fire.", by=message.author, at=NOON)

    with pytest.raises(Refused):
        put_in(message, Seen.of(message), message.author)


def test_draft_that_a_colleague_has_changed_is_not_deleted():
    message = make_message()
    seen = Seen.of(message)
    change(message, title="Changed")

    with pytest.raises(Refused):
        put_in(message, seen, message.author)


def test_nothing_is_done_with_what_lies_in_the_bin():
    message = binned()

    for act in (put_in, release):
        with pytest.raises(Refused):
            act(message, Seen.of(message), message.author)


def test_database_refuses_an_edition_of_what_lies_in_the_bin_and_the_bin_to_what_has_one():
    live, draft = make_live(), make_message()

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=live.pk).update(binned_at=NOON, binned_by=live.author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=draft.pk).update(binned_at=NOON)


def test_after_thirty_days_it_is_gone_whether_its_row_is_there_or_not(freeze):
    message = binned()
    freeze(NOON + timedelta(days=30) - SECOND)
    assert purge() == 0
    freeze(NOON + timedelta(days=30))
    assert Message.everything.get() == message

    with pytest.raises(Refused):
        take_out(message, message.author)

    assert purge() == 1
    assert not Message.everything.exists()


def test_next_deletion_purges_what_is_past_its_time(freeze):
    old = binned()
    freeze(NOON + timedelta(days=30))

    new = binned()

    assert list(Message.everything.all()) == [new]
    assert old.pk != new.pk


def test_command_empties_the_bin_of_what_is_past_its_time(freeze, capsys):
    binned()
    freeze(NOON + timedelta(days=30))

    call_command("empty_bin")

    assert capsys.readouterr().out == "Deleted for good: 1\n"
    assert not Message.everything.exists()


def test_deleted_for_good_takes_all_that_was_the_drafts(freeze):
    message = make_message(Kind.STATEMENT, signatories=["One"])
    approve(message, Seen.of(message), make_officer("Approvers"))
    remark(message, message.author, "Not needed.")
    put_in(message, Seen.of(message), message.author)

    delete_for_good(message)

    assert not Message.everything.exists()
    assert not Version.objects.exists()
    assert not Event.objects.exists()
    with pytest.raises(Refused):
        delete_for_good(message)


def test_what_is_no_more_in_the_bin_is_not_deleted_for_good():
    message = binned()
    take_out(message, message.author)

    with pytest.raises(Refused):
        delete_for_good(message)

    assert list(Message.objects.all()) == [message]
