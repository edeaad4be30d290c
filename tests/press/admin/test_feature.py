"""Featuring on home: always with an end."""

from datetime import UTC, datetime, timedelta

import pytest

from press.models import Event, Feature
from tests.press.admin.desk import act, page_of, told
from tests.press.factory import make_live, make_message

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)  # London 12:00


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def test_feature_proposes_a_fortnight(desk):
    html = desk.get(page_of(make_live(), "feature")).content.decode()

    assert 'name="until" value="2026-05-26T12:00"' in html


def test_feature_holds_from_now_until_its_end(desk, officer):
    message = make_live(title="New hours")

    response = act(desk, message, "feature", until="2026-05-20T18:00")

    chosen = Feature.objects.get()
    end = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
    assert (chosen.message_id, chosen.starts_at, chosen.ends_at, chosen.set_by) == (message.pk, NOON, end, officer)
    sentence = "Featured on home until 20 May 2026 at 18:00 London, 20:00 Moscow."
    assert told(response) == [sentence]
    event = message.events.first()
    assert (event.what, event.by, event.words) == (
        Event.What.FEATURED,
        officer,
        "20 May 2026 at 18:00 London, 20:00 Moscow",
    )
    assert "Featured on home" in desk.get(page_of(message, "history")).text
    assert desk.get("/").context["featured"][0].message_id == message.pk


@pytest.mark.parametrize("until", ["2026-05-12T12:00", "2026-05-12T11:00", "2026-07-11T12:01"])
def test_feature_without_a_sensible_end_is_refused(desk, until):
    response = act(desk, make_live(), "feature", until=until)

    assert response.context["refused"] == "Choose an end within the next 60 days."
    assert f'value="{until}"' in response.content.decode()
    assert not Feature.objects.exists()


def test_feature_without_an_end_is_refused(desk):
    response = act(desk, make_live(), "feature", until="")

    assert response.context["form"].errors == {"until": ["This field is required."]}


def test_feature_of_a_draft_is_refused(desk):
    message = make_message()

    assert desk.get(page_of(message, "feature")).context["is_open"] is False
    response = act(desk, message, "feature", until="2026-05-20T18:00")

    assert response.context["refused"] == "Only a message that is live or scheduled can stand on home."
    assert not Feature.objects.exists()


def test_feature_of_a_scheduled_message_waits_for_it(desk, freeze):
    newest = make_live()
    message = make_live(at=NOON + timedelta(hours=1))

    act(desk, message, "feature", until="2026-05-20T18:00")

    assert desk.get("/").context["featured"][0].message_id == newest.pk
    freeze(NOON + timedelta(hours=1))
    assert desk.get("/").context["featured"][0].message_id == message.pk


def test_feature_set_again_takes_the_place_of_the_first(desk, freeze):
    message = make_live()
    act(desk, message, "feature", until="2026-05-20T18:00")
    freeze(NOON + timedelta(minutes=1))

    act(desk, message, "feature", until="2026-05-13T18:00")

    holding = Feature.objects.holding(NOON + timedelta(minutes=1))
    assert holding.get().ends_at == datetime(2026, 5, 13, 17, 0, tzinfo=UTC)


def test_feature_is_ended_early(desk, officer, freeze):
    featured, other = make_live(title="Featured"), make_live()
    act(desk, featured, "feature", until="2026-05-20T18:00")
    freeze(NOON + timedelta(minutes=1))
    page = desk.get(page_of(other, "feature"))
    assert "“Featured” until 20 May 2026, 18:00" in page.content.decode()

    response = desk.post(page_of(other, "feature"), {"end": Feature.objects.get().pk}, follow=True)

    assert not Feature.objects.holding(NOON + timedelta(minutes=1)).exists()
    assert told(response) == ["“Featured” is no longer featured on home."]
    assert (featured.events.first().what, featured.events.first().by) == (Event.What.UNFEATURED, officer)


@pytest.mark.parametrize("key", ["x", "999999", "9" * 40, ""])
def test_end_of_what_is_not_featured_does_nothing(desk, key):
    response = desk.post(page_of(make_live(), "feature"), {"end": key}, follow=True)

    assert response.status_code == 200
    assert told(response) == []
