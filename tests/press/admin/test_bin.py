"""The bin in the office."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from press.models import Kind, Message
from tests.press.admin.desk import act, fields_of, page_of, section_of, told
from tests.press.factory import make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
LIST = reverse("admin:press_binnedmessage_changelist")


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def page_in_bin(message):
    return reverse("admin:press_binnedmessage_change", args=[message.pk])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_deleted_draft_goes_to_the_bin_and_comes_back(desk, officer):
    message = make_message(Kind.Q_AND_A, title="A visit", by=officer, questions=[("Why?", "<p>So.</p>")])
    assert "deletelink" in text_of(desk.get(page_of(message)))
    assert "until 11 June 2026, 12:00; then it is gone." in text_of(desk.get(page_of(message, "delete")))

    response = act(desk, message, "delete")

    assert told(response)[0].startswith("“A visit” is in the bin.")
    assert not Message.objects.exists()
    assert "A visit" in text_of(desk.get(LIST))
    page = text_of(desk.get(page_in_bin(message)))
    assert "Anna Orlova put it into the bin on 12 May 2026, 12:00. On 11 June 2026, 12:00 it is gone for good." in page
    assert "Question: Why?" in page
    back = desk.post(page_in_bin(message), {"restore": "1"}, follow=True)
    assert back.redirect_chain == [(page_of(message), 302)]
    assert fields_of(back)["exchanges-0-question"] == "Why?"


def test_binned_draft_is_out_of_list_search_index_and_pages(desk, officer):
    message = make_message(by=officer, title="A visit")
    section = reverse(f"admin:press_{section_of(message)}_changelist")
    assert all("A visit" in text_of(desk.get(address)) for address in (section, f"{section}?q=visit", "/admin/"))

    act(desk, message, "delete")
    desk.get("/admin/")  # what was told once

    assert not any(
        "A visit" in text_of(desk.get(address)).replace("“A visit”", "")
        for address in (section, f"{section}?q=visit", "/admin/")
    )
    for page in ("change", "preview", "history", "release", "delete"):
        assert desk.get(page_of(message, page)).status_code == 302


def test_approver_deletes_for_good_and_must_be_sure(desk, officer):
    message = make_message(title="A visit")
    act(desk, message, "delete")
    approver = signed_in(make_officer("Approvers"))

    unsure = approver.post(page_in_bin(message), {"delete": "1"}, follow=True)
    assert told(unsure) == ["Tick that nobody can bring it back, then delete."]
    response = approver.post(page_in_bin(message), {"delete": "1", "sure": "yes"}, follow=True)

    assert told(response) == ["“A visit” is deleted for good."]
    assert not Message.everything.exists()
    assert LogEntry.objects.latest("pk").object_repr == "A visit"


def test_officer_does_not_delete_for_good(desk):
    message = make_message()
    act(desk, message, "delete")

    assert "Delete for good" not in text_of(desk.get(page_in_bin(message)))
    assert desk.post(page_in_bin(message), {"delete": "1", "sure": "yes"}).status_code == 403
    assert Message.everything.exists()


def test_who_may_only_look_takes_nothing_out(desk, officer):
    message = make_message()
    act(desk, message, "delete")
    officer.groups.clear()

    assert desk.get(LIST).status_code == 403
    assert desk.get(page_in_bin(message)).status_code == 403
    assert desk.post(page_in_bin(message), {"restore": "1"}).status_code == 403


def test_after_thirty_days_the_bin_shows_it_no_more(desk, freeze):
    message = make_message(title="A visit")
    act(desk, message, "delete")
    freeze(NOON + timedelta(days=30))

    assert desk.get(page_in_bin(message)).status_code == 302
    desk.get(LIST)

    assert not Message.everything.exists()


def test_second_of_two_who_empty_is_told(desk):
    message = make_message()
    act(desk, message, "delete")
    first = desk.post(page_in_bin(message), {"restore": "1"})

    second = desk.post(page_in_bin(message), {"restore": "1"}, follow=True)

    assert first.status_code == 302
    assert second.redirect_chain[0][1] == 302


@pytest.mark.parametrize("count", [1, 12])
def test_bin_costs_the_same_at_any_length(desk, officer, django_assert_max_num_queries, count):
    for _number in range(count):
        act(desk, make_message(by=officer), "delete", follow=False)

    with django_assert_max_num_queries(12):
        desk.get(LIST)


def test_list_is_called_what_it_is(desk):
    for _number in range(2):
        act(desk, make_message(), "delete")

    page = desk.get(reverse("admin:press_binnedmessage_changelist"))

    assert page.context["title"] == "Messages in the bin"
    assert "2 messages in the bin" in " ".join(text_of(page).split())
