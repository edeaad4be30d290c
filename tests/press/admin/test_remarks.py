"""Remarks on the page of a message."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from press.remarks import remark
from tests.press.admin.desk import page_of, told
from tests.press.factory import change, make_message, make_officer

pytestmark = pytest.mark.django_db


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_remark_is_added_and_shown_beside_the_form(desk, officer):
    message = make_message()

    response = desk.post(page_of(message, "remark"), {"text": "Which <hall>?"}, follow=True)

    assert response.redirect_chain == [(f"{page_of(message)}#remarks", 302)]
    assert told(response) == ["Your remark stands below."]
    assert "Which &lt;hall&gt;?" in text_of(response)
    assert '<a href="#remarks">1 remark of a colleague, below the form</a>' in text_of(response)
    assert message.remarks.get().by == officer


def test_remark_is_no_change_and_leaves_an_approval(desk):
    message = make_message()
    before = message.version, message.changed_at

    desk.post(page_of(message, "remark"), {"text": "Good."})

    message.refresh_from_db()
    assert (message.version, message.changed_at) == before
    assert message.versions.count() == 1


def test_remark_on_an_earlier_version_says_so(desk):
    message = make_message()
    remark(message, make_officer(first_name="Boris", last_name="Lvov"), "Which hall?")
    change(message, title="A visit to the long hall")

    page = text_of(desk.get(page_of(message)))

    assert "Boris Lvov" in page
    assert "(on version 1)" in page


def test_empty_remark_is_refused_with_a_sentence(desk):
    message = make_message()

    response = desk.post(page_of(message, "remark"), {"text": " "}, follow=True)

    assert told(response) == ["Write the remark first."]
    assert not message.remarks.exists()


def test_remarks_need_the_right_to_see_the_message(client, officer):
    message = make_message()
    officer.groups.clear()
    client.force_login(officer)

    assert client.post(page_of(message, "remark"), {"text": "x"}).status_code == 403
    assert not message.remarks.exists()


def test_remark_is_not_added_by_a_link(desk):
    message = make_message()

    assert desk.get(page_of(message, "remark"), {"text": "x"}).status_code == 405


@pytest.mark.parametrize("count", [1, 20])
def test_form_costs_the_same_with_any_number_of_remarks(desk, officer, count):
    message = make_message()
    for number in range(count):
        remark(message, officer, f"Remark {number}")

    with CaptureQueriesContext(connection) as queries:
        desk.get(page_of(message))

    assert len([query for query in queries if "press_remark" in query["sql"]]) == 1
