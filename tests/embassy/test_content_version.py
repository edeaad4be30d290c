"""The version of all that is public: every change moves it, once, last, and visibly with the change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from consular.models import Confirmation, ContactInfo
from embassy import clock, content_version
from press.acts import Seen
from press.models import Edition, Feature, Message
from press.release import release
from tests.consular.factory import make_office, publish
from tests.locks import wait_until_another_waits_for_us
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db(transaction=True)


def on_a_connection_of_its_own(function, *arguments):
    try:
        return function(*arguments)
    finally:
        connection.close()


def elsewhere(function, *arguments):
    """What `function` returns to another connection."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_a_connection_of_its_own, function, *arguments).result()


def moved_by(act):
    """By how much `act` moves the version."""
    before = content_version.current().number
    act()
    return content_version.current().number - before


def check_a_number():
    """Write a row that readers see, the simplest there is."""
    Confirmation.objects.create(what="phone", value="+442079460120", checked_on=date(2026, 3, 2))


def test_what_readers_see_moves_the_version():
    message = make_message()
    make_office()

    assert moved_by(lambda: release(message, Seen.of(message), message.author)) == 1
    assert moved_by(publish) == 1
    assert moved_by(check_a_number) == 1


def test_what_only_officers_see_does_not():
    message = make_live()

    assert moved_by(lambda: change(message, title="A draft")) == 0
    assert moved_by(lambda: Edition.objects.first()) == 0
    assert moved_by(make_office) == 0
    assert moved_by(lambda: ContactInfo.objects.update(name_en="Another name")) == 0


def test_transaction_moves_the_version_once_however_much_it_changes():
    message = make_message()

    def much():
        with transaction.atomic():
            release(message, Seen.of(message), message.author)
            check_a_number()

    assert moved_by(much) == 1


def test_statement_that_empties_a_table_moves_it():
    check_a_number()

    def empty():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE consular_confirmation")

    assert moved_by(empty) == 1


def test_what_is_taken_back_does_not_move_it():
    def taken_back():
        with transaction.atomic():
            check_a_number()
            transaction.set_rollback(True)

    assert moved_by(taken_back) == 0


def test_change_after_a_savepoint_that_was_taken_back_moves_it():
    def half_taken_back():
        with transaction.atomic():
            with transaction.atomic():
                check_a_number()
                transaction.set_rollback(True)
            check_a_number()

    assert moved_by(half_taken_back) == 1


def test_change_after_constraints_were_checked_is_seen_with_the_version():
    def checked_in_between():
        with transaction.atomic():
            check_a_number()
            connection.check_constraints()
            check_a_number()

    assert moved_by(checked_in_between) == 1


def test_version_is_seen_together_with_the_change_and_not_before():
    before = content_version.current()

    with transaction.atomic():
        check_a_number()
        seen_meanwhile = elsewhere(content_version.current)

    assert seen_meanwhile == before
    assert elsewhere(content_version.current).number == before.number + 1


def test_two_commits_at_once_have_two_versions():
    before = content_version.current()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            check_a_number()
            # From here on the version's row is locked, as it is for the length of a commit.
            connection.check_constraints()
            other = pool.submit(on_a_connection_of_its_own, check_a_number)
            wait_until_another_waits_for_us()
            assert elsewhere(content_version.current) == before
        other.result()

    assert content_version.current().number == before.number + 2
    assert Confirmation.objects.count() == 2


def test_version_is_locked_at_the_end_only():
    """Whoever waits for a message at his commit does not hold the version, so nobody waits in a circle."""
    message, setter = make_live(), make_officer()
    now = clock.now()

    @transaction.atomic
    def feature():
        check_a_number()
        # At the end of this transaction its foreign keys wait for the locked message.
        Feature.objects.create(message=message, starts_at=now, ends_at=now.replace(year=now.year + 1), set_by=setter)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=message.pk)
            other = pool.submit(on_a_connection_of_its_own, feature)
            wait_until_another_waits_for_us()
            check_a_number()
        other.result()

    assert (Feature.objects.count(), Confirmation.objects.count()) == (1, 2)


def test_nothing_released_now_begins_after_its_version():
    message = make_message()

    edition = release(message, Seen.of(message), message.author)

    assert edition.live_from <= content_version.current().moved_at <= clock.database_now()
