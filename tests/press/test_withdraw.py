from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from embassy.chain import Act, append
from press.acts import Refused, Seen
from press.models import Edition
from press.release import release
from press.withdraw import _without_text, replace, retract, withdraw
from tests.press.factory import chain, make_correction, make_live, make_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


def test_withdrawal_ends_the_text_and_keeps_the_address(freeze):
    message = make_live(title="Wrong")
    freeze(NOON + MINUTE)

    withdraw(message, Seen.of(message), message.author, " It was about another embassy. ")

    standing = Edition.objects.standing(NOON + MINUTE).get()
    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "withdraw", 1, None)]
    assert (standing.title, standing.teaser, standing.body, standing.details) == ("", "", "", {})
    assert standing.note == "It was about another embassy."
    assert standing.get_absolute_url() == "/messages/2026/05/12/wrong/"
    assert not Edition.objects.live(NOON + MINUTE).exists()


def test_withdrawal_recalls_the_scheduled_correction(freeze):
    message = make_live()
    make_correction(message, at=NOON + 5 * MINUTE)
    freeze(NOON + MINUTE)

    withdraw(message, Seen.of(message), message.author, "Why")

    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "withdraw", 1, None)]


def test_withdrawal_can_wait_for_its_minute():
    message = make_live()

    withdraw(message, Seen.of(message), message.author, "Why", NOON + MINUTE)

    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "withdraw", 1, None)]
    assert Edition.objects.live(NOON).exists()


def test_withdrawal_without_a_reason_or_of_what_is_not_live_is_refused(freeze):
    live, draft = make_live(), make_message()
    freeze(NOON + MINUTE)

    with pytest.raises(Refused, match="reason"):
        withdraw(live, Seen.of(live), live.author, "  ")
    with pytest.raises(Refused, match="not live"):
        withdraw(draft, Seen.of(draft), draft.author, "Why")
    withdraw(live, Seen.of(live), live.author, "Why")
    with pytest.raises(Refused, match="not live"):
        withdraw(live, Seen.of(live), live.author, "Why")


def test_retraction_ends_the_text_without_a_reason(freeze):
    message = make_live()
    freeze(NOON + MINUTE)

    retract(message, Seen.of(message), message.author)

    standing = Edition.objects.standing(NOON + MINUTE).get()
    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "retract", 1, None)]
    assert (standing.title, standing.body, standing.note) == ("", "", "")
    assert not Edition.objects.live(NOON + MINUTE).exists()


def test_replacement_ends_the_text_and_names_the_other_message(freeze):
    message, other = make_live(), make_live()
    freeze(NOON + MINUTE)

    replace(message, Seen.of(message), message.author, other)

    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "replace", 1, None)]
    assert message.editions.get(number=2).replaced_by_id == other.pk
    assert Edition.objects.live(NOON + MINUTE).get().message_id == other.pk


def test_replacement_by_what_cannot_be_read_is_refused(freeze):
    message, draft, ended, ending, later = (
        make_live(),
        make_message(),
        make_live(),
        make_live(),
        make_live(at=NOON + 5 * MINUTE),
    )
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), ended.author, "Why")
    withdraw(ending, Seen.of(ending), ending.author, "Why", NOON + 9 * MINUTE)

    for other, at, reason in (
        (message, None, "itself"),
        (draft, None, "cannot read"),
        (ended, None, "cannot read"),
        (ending, None, "not for long"),
        (later, None, "not live yet"),
        (later, NOON + 4 * MINUTE, "not live yet"),
    ):
        with pytest.raises(Refused, match=reason):
            replace(message, Seen.of(message), message.author, other, at)

    assert chain(message, NOON) == [(1, "release", 0, None)]
    replace(message, Seen.of(message), message.author, later, NOON + 5 * MINUTE)


def test_replacements_that_lead_in_a_circle_are_refused(freeze):
    one, two, three = make_live(), make_live(), make_live()
    freeze(NOON + MINUTE)
    replace(one, Seen.of(one), one.author, two, NOON + 5 * MINUTE)

    with pytest.raises(Refused):
        replace(two, Seen.of(two), two.author, one, NOON + 5 * MINUTE)
    replace(two, Seen.of(two), two.author, three, NOON + 6 * MINUTE)
    with pytest.raises(Refused):
        replace(three, Seen.of(three), three.author, one, NOON + 7 * MINUTE)


def test_circle_of_replacements_is_refused_by_the_database(freeze):
    one, two, three = make_live(), make_live(), make_live()
    freeze(NOON + MINUTE)
    replace(one, Seen.of(one), one.author, two)
    replace(two, Seen.of(two), two.author, three)
    last = three.editions.get()
    closing = _without_text(last, Act.REPLACE, NOON + MINUTE, three.author, replaced_by=one)

    with pytest.raises(IntegrityError, match="cannot lead back"), transaction.atomic():
        append(closing, last)


def test_message_that_was_replaced_can_be_released_again_and_replace_in_its_turn(freeze):
    one, two = make_live(), make_live()
    freeze(NOON + MINUTE)
    replace(one, Seen.of(one), one.author, two)
    freeze(NOON + 2 * MINUTE)
    release(one, Seen.of(one), one.author)
    freeze(NOON + 3 * MINUTE)

    replace(two, Seen.of(two), two.author, one)

    assert Edition.objects.live(NOON + 3 * MINUTE).get().message_id == one.pk
