"""Two texts of one message: refused, shown with their difference, put together."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from press.models import Kind, Message
from tests.press.admin.desk import fields_of, page_of
from tests.press.factory import change, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


@pytest.fixture
def boris():
    """A colleague's browser."""
    client = Client()
    client.force_login(make_officer(first_name="Boris", last_name="Lvov"))
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def refused(desk, message, opened, **typed):
    """Post a stale form; returns the address of the page that shows both texts."""
    response = desk.post(page_of(message), opened | typed)
    assert response.status_code == 302
    assert response.url.startswith(f"{page_of(message, 'conflict')}?unsaved=")
    return response.url


def choices(page):
    return {clash.name: choice for clash, choice in page.context["choices"]}


def put_together(desk, address, **keep):
    """Choose, and return the fields of the form that opens."""
    seen = desk.get(address).context["original"].version
    data = {"seen": seen, **{f"keep-{name}": choice for name, choice in keep.items()}}
    response = desk.post(address, data, follow=True)
    assert "reopened" in response.context
    return fields_of(response)


def save(desk, message, fields):
    assert desk.post(page_of(message), fields).status_code == 302
    return Message.objects.get(pk=message.pk)


def test_text_of_a_colleague_is_not_silently_overwritten(desk, boris):
    """PAGES.md, the office, 5: a colleague's text silently overwritten."""
    message = make_message(title="Saved", teaser="Old.")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})

    address = refused(desk, message, opened, title="Mine", teaser="New.")
    page = desk.get(address)

    assert "Boris Lvov saved this on 12 May 2026, 12:00, after you had opened it" in text_of(page)
    assert "[deleted: </span>Theirs" in text_of(page)
    assert "[inserted: </span>Mine" in text_of(page)
    assert choices(page) == {"title": "", "teaser": "mine"}
    message.refresh_from_db()
    assert (message.title, message.teaser, message.version) == ("Theirs", "Old.", 2)


@pytest.mark.parametrize(("choice", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_texts_are_put_together_and_saved_on_top_of_the_newer_version(desk, boris, officer, choice, title):
    message = make_message(title="Saved", body="<p>Old.</p>")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs", "teaser": "Theirs too."})
    address = refused(desk, message, opened, title="Mine", body="<p>Mine.</p>")
    assert choices(desk.get(address)) == {"title": "", "teaser": "theirs", "body": "mine"}

    fields = put_together(desk, address, title=choice, teaser="theirs", body="mine")
    message = save(desk, message, fields)

    assert (message.title, message.teaser, message.body) == (title, "Theirs too.", "<p>Mine.</p>")
    assert (message.version, message.changed_by) == (3, officer)


@pytest.mark.parametrize(
    ("choice", "answers"),
    [("mine", ["<p>My one.</p>", "<p>2</p>", ""]), ("theirs", ["<p>2</p>"])],
)
def test_parts_are_put_together_too(desk, boris, choice, answers):
    message = make_message(Kind.Q_AND_A, questions=[("One?", "<p>1</p>"), ("Two?", "<p>2</p>")])
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"exchanges-0-DELETE": "on"})
    typed = {"exchanges-0-answer": "<p>My one.</p>", "exchanges-TOTAL_FORMS": 3, "exchanges-2-question": "Three?"}

    address = refused(desk, message, opened, **typed)
    fields = put_together(desk, address, exchanges=choice)
    message = save(desk, message, fields)

    assert [exchange.answer for exchange in message.exchanges.all()] == answers


def test_parts_that_only_a_colleague_changed_are_not_taken_back(desk, boris):
    message = make_message(Kind.STATEMENT, signatories=["One", "Two"])
    opened = fields_of(desk.get(page_of(message)))
    new = {"signatories-TOTAL_FORMS": 3, "signatories-2-on_behalf_of": "Three"}
    save(boris, message, fields_of(boris.get(page_of(message))) | new)

    address = refused(desk, message, opened, title="Mine")
    assert choices(desk.get(address)) == {"title": "mine", "signatories": "theirs"}
    message = save(desk, message, put_together(desk, address, title="mine", signatories="theirs"))

    assert message.title == "Mine"
    assert [signatory.on_behalf_of for signatory in message.signatories.all()] == ["One", "Two", "Three"]


def test_every_field_must_be_chosen(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})
    address = refused(desk, message, opened, title="Mine", teaser="Mine.")

    page = desk.post(address, {"seen": 2, "keep-teaser": "theirs"})

    assert "Choose a text for every field below." in text_of(page)
    assert choices(page) == {"title": "", "teaser": "theirs"}


def test_third_save_in_the_meantime_is_shown_before_anything_is_put_together(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})
    address = refused(desk, message, opened, title="Mine")
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs again"})

    page = desk.post(address, {"seen": 2, "keep-title": "mine"})

    assert "saved again in the meantime" in text_of(page)
    assert "Theirs again" in text_of(page)


def test_save_that_is_too_late_a_second_time_is_refused_again(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})
    fields = put_together(desk, refused(desk, message, opened, title="Mine"), title="mine")
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs again"})

    address = refused(desk, message, fields)

    assert choices(desk.get(address)) == {"title": ""}


def test_what_was_typed_is_still_offered_when_the_page_of_both_texts_is_closed(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})
    refused(desk, message, opened, title="Mine")

    (offer,) = desk.get(page_of(message)).context["offers"]

    assert dict(offer.fields)["title"] == "Mine"


def test_two_texts_are_shown_to_their_writer_only(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Theirs"})
    address = refused(desk, message, opened, title="Mine")

    assert boris.get(address).url == page_of(message)


def test_same_words_typed_by_both_are_no_conflict_to_solve(desk, boris):
    message = make_message(title="Saved")
    opened = fields_of(desk.get(page_of(message)))
    save(boris, message, fields_of(boris.get(page_of(message))) | {"title": "Both"})

    page = desk.get(refused(desk, message, opened, title="Both"))

    assert choices(page) == {}
    assert "Both texts say the same." in text_of(page)


def test_conflict_needs_the_right_to_write(client, officer):
    message = make_message()
    change(message, title="Second")
    officer.groups.clear()
    client.force_login(officer)

    assert client.get(page_of(message, "conflict")).status_code == 403
