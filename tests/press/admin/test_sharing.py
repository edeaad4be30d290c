"""The page that makes, lists and revokes links to a draft."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from lxml import html

from press.models import SharedPreview
from press.sharing import share
from tests.press.admin.desk import act, page_of, told
from tests.press.factory import make_live, make_message, make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def shown_link(response):
    """The link that a page shows."""
    return html.fromstring(response.content.decode()).get_element_by_id("made-link").get("value")


def test_link_is_made_and_shown_once(desk, officer):
    message = make_message(title="New hours")
    assert desk.get(page_of(message, "share")).context["form"]["days"].value() == 7

    response = act(desk, message, "share", recipient="Ms Reader, The Paper", days="7")

    link = shown_link(response)
    assert link.startswith("https://press.example.org/shared/")
    shared = SharedPreview.objects.get()
    assert (shared.recipient, shared.made_by, shared.expires_at) == (
        "Ms Reader, The Paper",
        officer,
        NOON + timedelta(days=7),
    )
    assert "New hours" in Client().get(link.removeprefix("https://press.example.org")).content.decode()
    again = desk.get(page_of(message, "share")).content.decode()
    assert "made-link" not in again
    assert link not in again
    told = LogEntry.objects.get().get_change_message()
    assert told == "Shared with Ms Reader, The Paper until 19 May 2026 at 12:00 London, 14:00 Moscow."
    event = desk.get(page_of(message, "history")).context["rows"][0]["event"]
    assert (event.what, event.by, event.words) == ("shared", officer, "Ms Reader, The Paper")


def test_days_are_the_offices(desk, settings):
    settings.SHARED_PREVIEW_DAYS = 3

    assert desk.get(page_of(make_message(), "share")).context["form"]["days"].value() == 3


@pytest.mark.parametrize("days", ["0", "31", "", "x"])
def test_link_without_a_sensible_end_is_refused_at_the_field(desk, days):
    response = act(desk, make_message(), "share", recipient="Ms Reader", days=days)

    assert response.context["form"].errors["days"]
    assert not SharedPreview.objects.exists()


def test_links_are_listed_with_their_openings_and_revoked(desk, officer):
    message = make_message()
    shared, token = share(message, officer, "Ms Reader", timedelta(days=7))
    share(message, officer, "Mr Viewer", timedelta(days=7))
    Client().get(f"/shared/{token}/")

    rows = html.fromstring(desk.get(page_of(message, "share")).content.decode()).xpath("//tbody/tr")
    assert [row.find("th").text for row in rows] == ["Mr Viewer", "Ms Reader"]
    cells = [" ".join(cell.text_content().split()) for cell in rows[1].findall("td")]
    assert cells == [
        "Anna Orlova, 12 May 2026, 12:00",
        "19 May 2026 at 12:00 London, 14:00 Moscow",
        "1",
        "12 May 2026, 12:00",
        "Revoke",
    ]
    response = desk.post(page_of(message, "share"), {"revoke": str(shared.pk)}, follow=True)

    assert told(response) == ["The link for Ms Reader no longer works."]
    assert Client().get(f"/shared/{token}/").status_code == 404
    assert "revoked" in response.content.decode()
    assert desk.post(page_of(message, "share"), {"revoke": "x"}).status_code == 302


def test_what_readers_see_is_not_shared(desk):
    message = make_live()

    assert "share" not in [
        url.rstrip("/").rpartition("/")[2] for _label, url in desk.get(page_of(message)).context["tools"]
    ]
    response = act(desk, message, "share", recipient="Ms Reader", days="7")

    assert response.context["refused"] == "Readers see this text already: send the address of its page."


def test_who_may_not_release_may_not_share(client, db):
    writer = make_officer()
    writer.groups.clear()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["change_pressrelease", "view_pressrelease"]))
    client.force_login(writer)

    assert client.get(page_of(make_message(), "share")).status_code == 403
