"""The office's lists at any length: dates to choose from, and where a list ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from lxml import html

from press.admin import long_lists
from tests.press.factory import make_live, make_message

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
LIST = reverse("admin:press_pressrelease_changelist")
# From the first message's month on.
MONTHS = ["May", "June", "July", "August", "September", "October", "November", "December"]


def choices_of(desk, **query):
    """What a list offers above its rows: the way back, and the dates to choose from."""
    page = html.fromstring(desk.get(LIST, query).content.decode())
    links = page.xpath("//nav[@class='toplinks']//a")
    return [" ".join(link.text_content().split()) for link in links]


def test_list_offers_years_then_months_then_days(desk, freeze):
    for at in (NOON, NOON + timedelta(days=30), NOON + timedelta(days=400)):
        freeze(at)
        make_live()
    make_message()

    assert choices_of(desk) == ["2026", "2027"]
    assert choices_of(desk, published_on__year=2026) == ["‹ All dates", *(f"{month} 2026" for month in MONTHS)]
    assert choices_of(desk, published_on__year=2026, published_on__month=5) == ["‹ 2026", "12 May"]
    assert choices_of(desk, published_on__year=2026, published_on__month=5, published_on__day=12) == ["‹ May 2026"]


def test_list_without_released_messages_offers_no_dates(desk):
    make_message()

    assert choices_of(desk) == []


@pytest.mark.parametrize(
    "query", [{"published_on__year": "x"}, {"published_on__year": "2026", "published_on__month": "13"}]
)
def test_list_of_a_date_that_is_none_is_refused(desk, query):
    make_live()

    assert desk.get(LIST, query).status_code == 302


def test_long_list_is_cut_and_says_so(desk, monkeypatch):
    monkeypatch.setattr(long_lists, "MOST", 3)
    for number in range(3):
        make_message(title=f"Title {number}")
    assert "3 press releases" in desk.get(LIST).content.decode()

    make_message(title="One more")

    page = desk.get(LIST)
    assert "The first 3 are listed. A date, a filter or the search leads to the others." in page.content.decode()
    assert "One more" in page.content.decode()
