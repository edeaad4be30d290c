"""Pages are kept for their minute, so what begins or ends by the clock does so between two of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from consular.models import ConsularEdition, Facts, Notice
from embassy.chain import Act
from tests.consular.factory import london, make_notice, make_office, publish, show_notice

pytestmark = pytest.mark.django_db

NINE = london(2026, 3, 2, 9)
MINUTE = timedelta(minutes=1)
BETWEEN = [timedelta(microseconds=1), timedelta(seconds=59)]


@pytest.fixture(autouse=True)
def half_past_a_minute(freeze):
    """What is released at once begins at any moment."""
    freeze(NINE + timedelta(seconds=30))


def stored_edition(live_from, ends_at):
    """The edition of a notice, stored past every form and act."""
    return ConsularEdition.objects.create(
        document=make_notice(ends_at=NINE + 5 * MINUTE),
        kind="notice",
        number=1,
        act=Act.RELEASE,
        live_from=live_from,
        content={"text": "Down"},
        ends_at=ends_at,
        draft_version=1,
    )


@pytest.mark.parametrize("past", BETWEEN)
def test_notice_that_ends_within_a_minute_is_refused_by_the_database(past):
    with pytest.raises(IntegrityError, match="consular_notice_minute"), transaction.atomic():
        make_notice(ends_at=NINE + 5 * MINUTE + past)
    assert not Notice.objects.exists()

    show_notice(make_notice(ends_at=NINE + 5 * MINUTE))

    assert ConsularEdition.objects.get().ends_at == NINE + 5 * MINUTE


@pytest.mark.parametrize("past", BETWEEN)
def test_edition_that_ends_within_a_minute_is_refused_by_the_database(past):
    with pytest.raises(IntegrityError, match="consular_edition_minute"):
        stored_edition(NINE + MINUTE, NINE + 5 * MINUTE + past)


@pytest.mark.parametrize("past", BETWEEN)
def test_edition_scheduled_within_a_minute_is_refused_by_the_database(past):
    with pytest.raises(IntegrityError, match="begins on a whole minute"):
        stored_edition(NINE + MINUTE + past, NINE + 5 * MINUTE)


def test_edition_that_begins_now_is_not(freeze):
    make_office()

    publish()
    freeze(NINE + timedelta(seconds=45))
    scheduled = publish(NINE + MINUTE)

    first, second = Facts.objects.current().editions.order_by("number")
    assert (first.live_from, second.live_from) == (NINE + timedelta(seconds=30), NINE + MINUTE)
    assert second == scheduled
