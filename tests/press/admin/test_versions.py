"""The history page, the differences, the way back."""

import pytest
from django.urls import reverse

from press.models import Kind
from tests.press.admin.desk import act, content, fields_of, page_of, told
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def save(desk, message, **fields):
    opened = fields_of(desk.get(page_of(message)))
    assert desk.post(page_of(message), opened | fields).status_code == 302
    message.refresh_from_db()


def difference(desk, message, **query):
    return desk.get(page_of(message, "difference"), query)


def test_each_real_change_makes_one_version_and_saving_unchanged_makes_none(desk, officer):
    rows = [{"place": "", "question": "Why?", "answer": "<p>So.</p>"}]
    desk.post(reverse("admin:press_qanda_add"), content("exchanges", rows, title="First"))
    message = officer.messages_written.get()

    save(desk, message)
    save(desk, message, title="Second")
    save(desk, message)
    save(desk, message, **{"exchanges-0-answer": "<p>Otherwise.</p>"})

    versions = message.versions.order_by("number")
    assert [
        (version.number, version.content["title"], version.content["exchanges"][0]["answer"]) for version in versions
    ] == [(1, "First", "<p>So.</p>"), (2, "Second", "<p>So.</p>"), (3, "Second", "<p>Otherwise.</p>")]
    assert {version.by for version in versions} == {officer}


def test_history_tells_who_when_what(desk, officer):
    desk.post(reverse("admin:press_pressrelease_add"), content(title="First"))
    message = officer.messages_written.get()
    save(desk, message, title="Second")
    act(desk, message, "release")

    page = desk.get(page_of(message, "history"))

    rows = [
        (row["event"].what, row["event"].by, bool(row["difference"]), bool(row["restore"]))
        for row in page.context["rows"]
    ]
    assert rows == [
        ("released", officer, False, False),
        ("changed", officer, True, False),
        ("written", officer, True, True),
    ]
    assert "Anna Orlova" in text_of(page)


def test_difference_of_two_versions_is_marked_for_eyes_and_ears(desk, officer):
    message = make_message(title="Open on Monday")
    change(message, title="Open on Tuesday")

    page = text_of(difference(desk, message, **{"from": 1, "to": 2}))

    assert (
        '<del><span class="visually-hidden">[deleted: </span>Monday<span class="visually-hidden">]</span></del>' in page
    )
    assert (
        '<ins><span class="visually-hidden">[inserted: </span>Tuesday<span class="visually-hidden">]</span></ins>'
        in page
    )
    assert "words deleted: 1, words inserted: 1" in page


def test_any_two_versions_are_compared_also_backwards(desk):
    message = make_message(title="One")
    change(message, title="Two")
    change(message, title="Three")

    found = [
        [
            run.text
            for each in difference(desk, message, **{"from": old, "to": new}).context["differences"]
            for stretch in each.stretches
            for line in stretch.lines
            for run in line
        ]
        for old, new in ((1, 3), (3, 1))
    ]

    assert found == [["One", "Three"], ["Three", "One"]]


@pytest.mark.parametrize(
    "query", [{}, {"to": "9"}, {"to": "x"}, {"from": "7", "to": "1"}, {"to": "9" * 40}, {"to": "²"}]
)
def test_difference_of_what_is_not_there_is_404(desk, query):
    assert difference(desk, make_message(), **query).status_code == 404


def test_version_is_restored_after_its_difference_was_shown(desk, officer):
    message = make_message(Kind.STATEMENT, title="First", signatories=["One side"])
    change(message, title="Second")
    message.signatories.all().delete()
    address = f"{page_of(message, 'restore')}?version=1"

    page = text_of(desk.get(address))
    assert "The message will say again what it said as version 1" in page
    assert "[inserted: </span>On behalf of: One side" in page
    response = act(desk, message, "restore", version="1", query="?version=1")

    message.refresh_from_db()
    assert told(response) == ["Version 1 restored."]
    assert (message.title, message.version, message.changed_by) == ("First", 3, officer)
    assert message.signatories.get().on_behalf_of == "One side"


def test_version_that_is_not_there_cannot_be_restored(desk):
    assert desk.get(f"{page_of(make_message(), 'restore')}?version=5").status_code == 404


def test_versions_need_their_rights(client, officer):
    message = make_message()
    change(message, title="Second")
    officer.groups.clear()
    client.force_login(officer)

    for address in ("history", "difference", "restore"):
        assert client.get(page_of(message, address), {"to": 2, "version": 1}).status_code == 403


def test_correction_shows_what_readers_will_read_otherwise(desk):
    message = make_live(title="Open on Monday")
    change(message, title="Open on Tuesday")

    page = text_of(desk.get(page_of(message, "correct")))

    assert "What readers will read otherwise, in words" in page
    assert "[deleted: </span>Monday" in page
    assert "[inserted: </span>Tuesday" in page


@pytest.mark.parametrize("count", [2, 12])
def test_history_costs_the_same_at_any_length(desk, django_assert_num_queries, count):
    message = make_message(by=make_officer())
    for number in range(count):
        save(desk, message, title=f"Title {number}")

    with django_assert_num_queries(7):
        desk.get(page_of(message, "history"))
