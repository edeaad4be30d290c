"""What press officers complain of in other systems, and why none of it can be said of this one.

The complaints are those of the page "Pages" (The office), by their numbers there. Each test shows the
one thing that would make the complaint true; the tests of its subject show the rest.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from press.acts import Seen
from press.models import Edition, Feature, Message
from press.recall import recall
from press.release import correct, release
from press.sharing import share
from press.withdraw import withdraw
from tests.press.admin.desk import act, content, fields_of, page_of, told
from tests.press.factory import change, make_live, make_message
from tests.press.test_pasted import KEPT, pasted

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)  # London 12:00
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SURFACES = ("/", "/messages/", "/messages/press-releases/", "/messages/2026/05/", "/feeds/atom.xml", "/feeds/rss.xml")


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def shown_on(words):
    """Where readers find `words` now."""
    return {path for path in SURFACES if words in Client().get(path).content.decode()}


def test_complaint_1_the_scheduled_item_did_not_appear(desk, freeze):
    message = make_message(title="New hours at noon")
    shown = act(desk, message, "release", confirmed=None, later="2026-05-12T13:00")
    act(desk, message, "release", confirmed=shown.context["confirmed"], later="2026-05-12T13:00")

    freeze(NOON + HOUR - timedelta(microseconds=1))
    assert shown_on("New hours at noon") == set()
    # Nothing has run but the clock.
    freeze(NOON + HOUR)
    assert shown_on("New hours at noon") == set(SURFACES)


def test_complaint_2_the_time_was_in_another_zone_or_moved_an_hour(desk):
    message = make_message()

    page = act(desk, message, "release", confirmed=None, later="2026-10-25T15:00")

    # After the clocks have gone back; both cities are named beside the field and on the button.
    assert "= 18:00 Moscow" in page.content.decode()
    assert "Release on 25 October 2026 at 15:00 London, 18:00 Moscow" in page.content.decode()
    act(desk, message, "release", confirmed=page.context["confirmed"], later="2026-10-25T15:00")
    moment = datetime(2026, 10, 25, 15, 0, tzinfo=UTC)
    assert Edition.objects.get().live_from == moment
    form = desk.get(page_of(message, "reschedule")).context["form"]
    assert 'value="2026-10-25T15:00"' in str(form["later"])


def test_complaint_3_i_set_the_date_and_saved_and_it_is_not_scheduled(desk):
    message = make_message()

    # The form that is saved has no date to set: whatever is sent, saving schedules nothing.
    names = fields_of(desk.get(page_of(message))).keys()
    assert not [name for name in names if "publish" in name or "later" in name or "live" in name or name == "status"]
    # The page that has one says what the entered time will do, before and after, and in the state.
    shown = act(desk, message, "release", confirmed=None, later="2026-05-12T13:00")
    assert shown.context["sentences"][0] == "The text goes live on 12 May 2026 at 13:00 London, 15:00 Moscow."
    response = act(desk, message, "release", confirmed=shown.context["confirmed"], later="2026-05-12T13:00")
    assert told(response)[0].startswith("Scheduled for 12 May 2026 at 13:00 London, 15:00 Moscow.")
    assert response.context["state"].words == "Scheduled for 12 May 2026, 13:00"


def test_complaint_6_no_safe_way_to_show_a_draft_to_someone_without_an_account(freeze):
    message = make_message(title="A secret draft")
    _shared, token = share(message, message.author, "Ms Reader", DAY)

    assert "A secret draft" in Client().get(f"/shared/{token}/").content.decode()
    assert Client().get(f"/shared/{token[:-1]}x/").status_code == 404
    freeze(NOON + DAY)
    assert Client().get(f"/shared/{token}/").status_code == 404


def test_complaint_7_drafts_found_in_search_or_feeds(client):
    make_message(title="Zyxdraft one", body="<p>Zyxdraft</p>")
    make_live(title="Zyxdraft two", at=NOON + DAY)
    live = make_live(title="An open title")
    change(live, title="Zyxdraft three")

    assert shown_on("Zyxdraft") == set()
    assert shown_on("An open title") == set(SURFACES)
    found = client.get("/search/", {"q": "Zyxdraft"}).content.decode()
    assert "Zyxdraft one" not in found
    assert "Zyxdraft two" not in found
    assert "Zyxdraft three" not in found


def test_complaint_9_paste_from_word(desk):
    desk.post(reverse("admin:press_pressrelease_add"), content(body=pasted("word")))

    assert Message.objects.get().body == KEPT["word"]


def test_complaint_10_home_page_or_list_stale_after_publishing_or_withdrawing(freeze):
    message = make_message(title="First title")
    assert shown_on("First title") == set()

    release(message, Seen.of(message), message.author)
    assert shown_on("First title") == set(SURFACES)
    freeze(NOON + MINUTE)
    change(message, title="Second title")
    correct(message, Seen.of(message), message.author)
    assert (shown_on("First title"), shown_on("Second title")) == (set(), set(SURFACES))
    freeze(NOON + 2 * MINUTE)
    withdraw(message, Seen.of(message), message.author, "It is over.")
    # Feeds tell that it is gone; no list shows it.
    assert {path for path in shown_on("Second title") if "feeds" not in path} == set()


def test_complaint_11_old_links_broken_by_a_new_slug_and_empty_slugs_from_cyrillic_titles(client, freeze):
    message = make_live(title="Новые часы работы", language="ru")
    assert Edition.objects.get().address.slug == "novye-chasy-raboty"
    old = Edition.objects.get().get_absolute_url()
    freeze(NOON + MINUTE)
    change(message, slug="chasy")
    correct(message, Seen.of(message), message.author)

    response = client.get(old)

    assert (response.status_code, response.url) == (301, "/ru/messages/2026/05/12/chasy/")
    assert client.get(response.url).status_code == 200


def test_complaint_13_published_by_accident_and_no_way_back(desk, settings, freeze):
    settings.GRACE_MINUTES = 5
    message = make_message(title="Too early")

    # The button is on a page that says what will happen; then there is time to recall it.
    assert not shown_on("Too early")
    act(desk, message, "release")
    assert not shown_on("Too early")
    recall(message, Seen.of(message), message.author)
    freeze(NOON + HOUR)
    assert not shown_on("Too early")
    assert not Edition.objects.exists()


def test_complaint_14_the_featured_item_forgotten_for_a_year(desk, freeze):
    old = make_live(title="Featured once")
    act(desk, old, "feature", until="2026-05-26T12:00")
    freeze(NOON + DAY)
    make_live(title="Newer than that")
    assert Client().get("/").context["featured"][0].title == "Featured once"

    freeze(NOON + timedelta(days=14))

    assert Client().get("/").context["featured"][0].title == "Newer than that"
    # An end is required, and it is near.
    assert act(desk, old, "feature", until="").context["form"].errors["until"]
    assert act(desk, old, "feature", until="2027-05-12T12:00").context["refused"]
    assert Feature.objects.get().ends_at == NOON + timedelta(days=14)
