"""Autosave in the office: nothing typed is lost, and nothing but a save saves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from press.content import content_of
from press.models import Event, Kind, Message, Unsaved, Version
from tests.press.admin.desk import content, fields_of, page_of
from tests.press.factory import change, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
ADD = reverse("admin:press_qanda_add")
NEW = reverse("admin:press_qanda_unsaved_new")


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def autosave(desk, message, fields, turn=1, **typed):
    """What the form's script sends; returns the answer."""
    address = page_of(message, "unsaved") if message else NEW
    response = desk.post(address, fields | typed | {"unsaved_turn": turn})
    assert response.status_code == 200
    return response.json()


def taken(desk, address):
    """The form with the only unsaved text that is offered on the page at `address`."""
    (offer,) = desk.get(address).context["offers"]
    return desk.get(f"{address}?unsaved={offer.token}")


def test_work_is_not_lost_when_the_session_ends(client, desk, officer):
    """PAGES.md, the office, 4: work lost when the session ended."""
    message = make_message(Kind.Q_AND_A, title="Saved", questions=[("Why?", "<p>So.</p>")])
    typed = {
        "title": "Typed",
        "exchanges-0-answer": "<p>Typed too.</p>",
        "exchanges-TOTAL_FORMS": 2,
        "exchanges-1-question": "And then?",
    }
    autosave(desk, message, fields_of(desk.get(page_of(message))), **typed)
    desk.logout()
    assert desk.post(page_of(message), {"title": "Typed"}).status_code == 302

    desk.force_login(officer)
    page = text_of(desk.get(page_of(message)))
    form = taken(desk, page_of(message))

    assert "You have unsaved changes of 12 May 2026, 12:00" in page
    assert "[inserted: </span>Typed" in page
    assert {name: fields_of(form)[name] for name in typed if name != "exchanges-TOTAL_FORMS"} == {
        name: value for name, value in typed.items() if name != "exchanges-TOTAL_FORMS"
    }
    assert 'errornote">' not in text_of(form)
    assert desk.post(page_of(message), fields_of(form)).status_code == 302
    message.refresh_from_db()
    assert (message.title, message.version) == ("Typed", 2)
    assert [exchange.question for exchange in message.exchanges.all()] == ["Why?", "And then?"]
    assert not Unsaved.objects.filter(is_closed=False).exists()


def test_text_of_a_message_never_saved_is_offered_too(desk, officer):
    rows = [
        {"place": "", "question": "Why?", "answer": ""},
        {"place": "", "question": "When?", "answer": "<p>Now.</p>"},
    ]
    opened = fields_of(desk.get(ADD))
    autosave(desk, None, opened | content("exchanges", rows, title=""))

    form = taken(desk, ADD)

    assert fields_of(form)["exchanges-1-question"] == "When?"
    # It is no fault yet that the title is missing.
    assert form.context["errors"] == []
    assert desk.post(ADD, fields_of(form) | {"title": "A visit"}).status_code == 302
    assert officer.messages_written.get().exchanges.count() == 2
    assert desk.get(ADD).context["offers"] == []


def test_autosave_changes_nothing_but_its_own_row(desk):
    message = make_message(title="Saved")
    before = [list(model.objects.values()) for model in (Message, Version, Event, LogEntry)]

    answer = autosave(desk, message, fields_of(desk.get(page_of(message))), title="Typed")

    assert (answer["kept"], answer["at"], answer["newer"]) == (True, "12:00", "")
    assert [list(model.objects.values()) for model in (Message, Version, Event, LogEntry)] == before


def test_autosave_does_not_overwrite_a_newer_version_and_tells_of_it(desk):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    change(message, title="Theirs", changed_by=make_officer(first_name="Boris", last_name="Lvov"))

    answer = autosave(desk, message, opened, title="Typed")

    assert answer["newer"].startswith("Boris Lvov has saved a newer version (12 May 2026, 12:00).")
    message.refresh_from_db()
    assert content_of(message)["title"] == "Theirs"


def test_unsaved_text_is_private(desk):
    message = make_message()
    autosave(desk, message, fields_of(desk.get(page_of(message))), title="Typed")
    token = Unsaved.objects.get().token
    other = Client()
    other.force_login(make_officer())

    assert other.get(page_of(message)).context["offers"] == []
    assert other.get(f"{page_of(message)}?unsaved={token}").status_code == 302
    other.post(page_of(message, "unsaved"), {"drop": token})
    assert desk.get(page_of(message)).context["offers"] != []


@pytest.mark.parametrize(
    ("name", "typed"), [("signed_on", "12/05/"), ("signed_on", "2026-13-45"), ("signatories-0-place", "9" * 5000)]
)
def test_unsaved_text_with_what_cannot_be_saved_is_offered_too(desk, name, typed):
    message = make_message(Kind.STATEMENT, title="Saved", signatories=["The Embassy"])
    fields = fields_of(desk.get(page_of(message)))

    autosave(desk, message, fields, title="Typed", **{name: typed})

    response = taken(desk, page_of(message))
    assert fields_of(response)["title"] == "Typed"
    assert typed in text_of(response)


def test_unsaved_text_is_dropped(desk):
    message = make_message()
    autosave(desk, message, fields_of(desk.get(page_of(message))), title="Typed")
    (offer,) = desk.get(page_of(message)).context["offers"]

    assert desk.post(page_of(message, "unsaved"), {"drop": offer.token}).url == page_of(message)

    assert desk.get(page_of(message)).context["offers"] == []
    assert desk.get(f"{page_of(message)}?unsaved={offer.token}").url == page_of(message)


@pytest.mark.parametrize("token", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_unsaved_text_that_is_not_there_leads_to_the_plain_form(desk, token):
    message = make_message()

    answer = desk.get(page_of(message), {"unsaved": token})

    assert answer.status_code == (302 if token else 200)


def test_autosave_after_the_save_comes_too_late(desk):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    desk.post(page_of(message), opened | {"title": "Second"})

    answer = autosave(desk, message, opened, title="Late")

    assert (answer["kept"], answer["closed"]) == (False, True)
    assert answer["fresh"] != opened["unsaved_token"]
    assert desk.get(page_of(message)).context["offers"] == []


def test_failed_save_keeps_the_unsaved_text(desk):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    autosave(desk, message, opened, title="Typed")

    assert desk.post(page_of(message), opened | {"title": ""}).status_code == 200

    assert len(desk.get(page_of(message)).context["offers"]) == 1


def test_what_comes_from_no_form_is_not_kept(desk):
    assert desk.post(NEW, {"title": "x"}).json()["kept"] is False
    assert not Unsaved.objects.exists()


def test_script_learns_the_new_token_of_a_new_session(desk, officer):
    answer = desk.get(page_of(make_message(), "unsaved")).json()

    assert (answer["user"], len(answer["csrf"])) == (officer.pk, 64)


def test_nobody_and_who_may_not_write_autosaves_nothing(client, officer):
    message = make_message()
    assert client.post(page_of(message, "unsaved"), {"title": "x"}).status_code == 302
    officer.groups.clear()
    client.force_login(officer)

    assert client.post(page_of(message, "unsaved"), {"title": "x"}).status_code == 403
    assert client.post(NEW, {"title": "x"}).status_code == 403
    assert not Unsaved.objects.exists()


def test_autosave_of_what_is_gone_says_so(desk):
    assert desk.post(reverse("admin:press_qanda_unsaved", args=[999]), {"title": "x"}).status_code == 404


def test_colleague_who_opened_it_stands_on_top(desk, freeze):
    message = make_message()
    boris = Client()
    boris.force_login(make_officer(first_name="Boris", last_name="Lvov"))
    boris.get(page_of(message))
    freeze(NOON + timedelta(minutes=4))

    assert "Boris Lvov opened this 4\xa0minutes ago." in text_of(desk.get(page_of(message)))
    boris.post(page_of(message, "unsaved"), {"left": "1"})

    assert "Boris Lvov opened" not in text_of(desk.get(page_of(message)))


def test_open_form_hears_of_a_colleague(desk):
    message = make_message()
    desk.get(page_of(message))
    boris = Client()
    boris.force_login(make_officer(first_name="Boris", last_name="Lvov"))
    autosave(boris, message, fields_of(boris.get(page_of(message))), title="Typed")

    beat = desk.get(page_of(message, "unsaved"), {"beat": "1", "opened_version": "1"}).json()

    assert beat["here"] == ["Boris Lvov is writing in this now."]
    assert not Unsaved.objects.filter(officer=desk.get(page_of(message)).wsgi_request.user).exists()


def test_sign_of_life_keeps_the_officer_here(desk, officer, freeze):
    message = make_message()
    desk.get(page_of(message))
    freeze(NOON + timedelta(minutes=20))

    desk.get(page_of(message, "unsaved"), {"beat": "1"}, headers={"Sec-Fetch-Mode": "cors"})

    presence = message.presences.get(officer=officer)
    assert (presence.opened_at, presence.seen_at) == (NOON, NOON + timedelta(minutes=20))


def test_who_saved_is_not_here_any_more(desk, officer):
    message = make_message()
    desk.post(page_of(message), fields_of(desk.get(page_of(message))) | {"title": "Second"})

    assert not message.presences.filter(officer=officer).exists()
