from datetime import UTC, datetime, timedelta

import pytest

from press.acts import Refused, Seen
from press.models import Address, Edition
from press.recall import recall
from tests.press.factory import chain, make_correction, make_live, make_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


def test_recall_leaves_no_trace(freeze):
    message = make_live(at=NOON + MINUTE)

    recall(message, Seen.of(message), message.author)

    assert not Edition.objects.exists()
    assert not Address.objects.exists()
    message.refresh_from_db()
    assert message.published_on is None


def test_recall_of_a_correction_lets_the_live_edition_stand_on():
    message = make_live()
    make_correction(message, at=NOON + MINUTE, slug="another-address")

    recall(message, Seen.of(message), message.author)

    assert chain(message, NOON) == [(1, "release", 0, None)]
    assert message.addresses.count() == 1


def test_recall_is_refused_when_nothing_is_scheduled(freeze):
    draft, live = make_message(), make_live()
    freeze(NOON + MINUTE)

    for message in (draft, live):
        with pytest.raises(Refused, match="Nothing is scheduled"):
            recall(message, Seen.of(message), message.author)


@pytest.mark.parametrize(("seconds", "is_recalled"), [(10, True), (9.999999, False)])
def test_recall_is_refused_in_the_last_ten_seconds(freeze, seconds, is_recalled):
    message = make_live(at=NOON + MINUTE)
    freeze(NOON + MINUTE - timedelta(seconds=seconds))

    if is_recalled:
        recall(message, Seen.of(message), message.author)
    else:
        with pytest.raises(Refused, match="few seconds"):
            recall(message, Seen.of(message), message.author)

    assert message.editions.exists() is not is_recalled
