from datetime import UTC, datetime

import pytest

from consular.opening import Status
from consular.wording import status_line
from tests.consular.factory import london

MONDAY_NOON = (2026, 3, 2, 12)


def opens(*at):
    return Status(open=False, opens_next=london(*at))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(open=True, until=london(2026, 3, 2, 12, 30)), "Open now until 12:30"),
        (opens(2026, 3, 2, 14), "Closed. Opens today at 14:00"),
        (opens(2026, 3, 3, 9), "Closed. Opens Tuesday at 9:00"),
        (opens(2026, 3, 4, 9), "Closed. Opens Wednesday at 9:00"),
        (opens(2026, 3, 5, 9), "Closed. Opens Thursday at 9:00"),
        (opens(2026, 3, 6, 9, 5), "Closed. Opens Friday at 9:05"),
        (opens(2026, 3, 7, 9), "Closed. Opens Saturday at 9:00"),
        (opens(2026, 3, 8, 9), "Closed. Opens Sunday at 9:00"),
        # A week ahead the name of the day would be read as today's.
        (opens(2026, 3, 9, 9), "Closed. Opens on 9 March at 9:00"),
        (Status(open=False), "Closed"),
    ],
)
def test_status_line_says_what_readers_need(status, text):
    assert status_line(status, london(*MONDAY_NOON)) == text


def test_status_line_calls_today_what_is_today_in_the_host_city():
    # 23:30 UTC on Monday is half past midnight on Tuesday in London's summer.
    at = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)

    assert status_line(opens(2026, 6, 9, 9), at) == "Closed. Opens today at 9:00"
    assert status_line(opens(2026, 6, 10, 9), at) == "Closed. Opens Wednesday at 9:00"


def test_status_line_names_monday():
    assert status_line(opens(2026, 3, 9, 9), london(2026, 3, 7)) == "Closed. Opens Monday at 9:00"
