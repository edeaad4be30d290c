"""Every version of a message is kept, with its parts, and can be brought back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from press.acts import Refused, Seen
from press.content import as_data, content_of, content_sha256, sha256_of
from press.models import Edition, Kind, Message, Signatory, Version
from press.release import release
from press.review import approval_of, approve
from press.versions import restore
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


def test_version_holds_the_content_with_its_parts_and_its_hash():
    message = make_message(Kind.STATEMENT, signatories=["One", "Other"], signed_on=date(2026, 5, 12))

    version = message.versions.get()

    assert version.content == as_data(content_of(message))
    assert [row["on_behalf_of"] for row in version.content["signatories"]] == ["One", "Other"]
    assert version.content["signed_on"] == "2026-05-12"
    assert version.content_sha256 == content_sha256(message) == sha256_of(version.content)
    assert (version.number, version.by, version.at) == (1, message.author, message.changed_at)


def test_restored_version_is_a_new_one(freeze):
    freeze(NOON)
    message = make_message(Kind.Q_AND_A, title="First", questions=[("One?", "<p>1</p>"), ("Two?", "<p>2</p>")])
    first = message.versions.get().content
    message.exchanges.first().delete()
    change(message, title="Second")
    officer = make_officer()
    freeze(NOON + timedelta(minutes=5))

    restore(message, Seen.of(message), officer, 1)

    message.refresh_from_db()
    assert as_data(content_of(message)) == first
    assert (message.version, message.changed_by, message.changed_at) == (3, officer, NOON + timedelta(minutes=5))
    assert [version.content["title"] for version in message.versions.order_by("number")] == ["First", "Second", "First"]
    event = message.events.first()
    assert (event.what, event.by, event.version, event.words) == ("restored", officer, 3, "Version 1")


def test_restoring_voids_an_approval_and_leaves_editions_alone():
    message = make_live(title="First")
    edition = Edition.objects.values().get()
    change(message, title="Second")
    approve(message, Seen.of(message), make_officer("Approvers"))

    restore(message, Seen.of(message), message.author, 1)

    message.refresh_from_db()
    assert approval_of(message) is None
    assert Edition.objects.values().get() == edition


def test_message_with_an_edition_keeps_its_language():
    message = make_message(language="ru", title="First")
    change(message, language="en", title="Second")
    release(message, Seen.of(message), message.author)

    restore(message, Seen.of(message), message.author, 1)

    message.refresh_from_db()
    assert (message.title, message.language) == ("First", "en")


@pytest.mark.parametrize("number", [0, 2, 9])
def test_version_that_is_not_there_or_says_the_same_is_refused(number):
    message = make_message()
    change(message, title="Second")
    before = content_of(message), message.version

    with pytest.raises(Refused):
        restore(message, Seen.of(message), message.author, number)

    message.refresh_from_db()
    assert (content_of(message), message.version) == before


def test_restoring_what_a_colleague_has_changed_is_refused():
    message = make_message()
    change(message, title="Second")
    seen = Seen.of(message)
    change(message, title="Third")

    with pytest.raises(Refused):
        restore(message, seen, message.author, 1)


def test_database_refuses_to_change_or_delete_a_version():
    message = make_message()

    for statement in ("UPDATE press_version SET number = 7", "DELETE FROM press_version"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(message=message).update(content={})


def test_versions_go_with_their_draft():
    message = make_message(Kind.STATEMENT, signatories=["One"])

    message.delete()
    connection.check_constraints()

    assert not Version.objects.exists()
    assert not Message.objects.exists()
    assert not Signatory.objects.exists()
