from datetime import UTC, datetime, timedelta

import pytest

from press.acts import Refused, Seen
from press.models import Edition
from press.withdraw import withdraw
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
