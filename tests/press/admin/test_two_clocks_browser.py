"""The other city's time below a date-time field, in Chromium, as it is typed."""

import pytest

from embassy import clock
from tests.press.admin.desk import page_of
from tests.press.factory import make_live, make_message, make_officer

pytest_plugins = ["tests.browser"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("act", "field"), [("release", "later"), ("feature", "until")])
def test_other_citys_time_and_warnings_follow_what_is_typed(page, transactional_db, sign_in, watch, act, field):
    sign_in(make_officer())
    message = make_live() if act == "feature" else make_message()
    year = clock.now().year + 1
    page.goto(page_of(message, act))
    lines = page.locator(f"#id_{field}_clocks")

    page.fill(f"#id_{field}", f"{year}-06-12T23:30")

    lines.get_by_text(f"= 13 June {year} at 01:30 Moscow").wait_for()
    assert "It is night in London then: 23:30." in lines.inner_text()
    page.fill(f"#id_{field}", f"{year}-12-25T12:00")
    lines.get_by_text("= 15:00 Moscow").wait_for()
    assert "That day is a public holiday in London: Christmas Day." in lines.inner_text()
    page.fill(f"#id_{field}", "2027-03-28T01:30")
    lines.get_by_text("there is no 01:30").wait_for()
    page.fill(f"#id_{field}", "")
    lines.locator("li").first.wait_for(state="detached")
    assert (watch.errors, watch.violations, watch.foreign) == ([], [], [])
