"""What press officers complain of in other systems (PAGES.md, "The office"), and what is done here against it.

Lost work and overwritten texts, 4 and 5, are in test_unsaved.py and test_conflict.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from press.models import Edition
from tests.press.admin.desk import act, page_of
from tests.press.factory import make_message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def test_what_was_released_by_accident_is_recalled_in_the_grace_period_and_nobody_saw_it(desk, freeze, settings):
    """13: published by accident and no way back."""
    settings.GRACE_MINUTES = 10
    message = make_message(title="Not yet")
    act(desk, message, "release")
    freeze(NOON + timedelta(minutes=9))

    act(desk, message, "recall")
    freeze(NOON + timedelta(minutes=11))

    assert not Edition.objects.exists()
    assert "Not yet" not in desk.get("/").content.decode()


def test_what_was_published_by_accident_is_taken_back_and_its_text_is_gone(desk, client, freeze):
    """13: published by accident and no way back."""
    message = make_message(title="Not yet", body="<p>A secret text.</p>")
    act(desk, message, "release")
    address = Edition.objects.get().get_absolute_url()
    freeze(NOON + timedelta(minutes=1))
    assert "A secret text." in client.get(address).content.decode()

    act(desk, message, "retract")
    freeze(NOON + timedelta(minutes=2))
    answer = client.get(address)

    assert answer.status_code == 410
    assert "A secret text." not in answer.content.decode()
    assert "Not yet" not in client.get("/").content.decode()


def test_what_was_changed_by_accident_comes_back(desk):
    """13: published by accident and no way back, and the same for a draft."""
    message = make_message(title="Right")
    opened = desk.get(page_of(message)).context["adminform"].form
    fields = {field.html_name: field.value() or "" for field in opened}
    desk.post(page_of(message), fields | {"title": "Wrong"})

    act(desk, message, "restore", version="1", query="?version=1")

    message.refresh_from_db()
    assert message.title == "Right"
