"""Editions by their keys: those that are live, whatever keys somebody has."""

from datetime import UTC, datetime, timedelta

import pytest

from press.models import Edition
from press.rows import Rows, Whole
from tests.press.factory import make_live, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", [Rows, Whole])
def test_what_is_not_live_is_not_read_by_its_key_either(freeze, kind):
    freeze(NOON)
    by = make_officer()
    make_live(title="First", by=by)
    make_live(title="Scheduled", at=NOON + MINUTE, by=by)
    make_live(title="Second", by=by)
    keys = Edition.objects.order_by("-pk").values_list("pk", flat=True)

    now, later = kind(keys, NOON), kind(keys, NOON + MINUTE)

    assert [each.title for each in now] == ["Second", "First"]
    assert [each.title for each in later] == ["Second", "Scheduled", "First"]
