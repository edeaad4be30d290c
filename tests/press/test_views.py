from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from press.acts import Seen
from press.models import Edition, Feature, Kind
from press.release import release
from press.withdraw import withdraw
from tests.press.factory import make_correction, make_live, make_message

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


def test_home_shows_the_newest_release_in_full_when_none_is_featured(client, freeze):
    freeze(NOON)
    make_live(title="Earlier", body="<p>Earlier text.</p>")
    freeze(NOON + timedelta(minutes=1))
    make_live(title="Newest", body="<p>Newest text.</p>")

    answer = client.get("/")

    assert answer.context["featured"].title == "Newest"
    assert [edition.title for edition in answer.context["editions"]] == ["Earlier"]
    assert '<p id="p1">Newest text.</p>' in answer.text
    assert "Earlier text.</p>" in answer.text
