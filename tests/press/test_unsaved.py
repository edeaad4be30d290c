"""Unsaved texts: private, each form its own, never older over newer, gone when saved."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from press import presence
from press.models import Kind, Presence, Unsaved
from press.posted import as_querydict
from press.unsaved import close, find, keep, keep_last, offers
from tests.press.factory import make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def form(token=None, **fields):
    return as_querydict({"unsaved_token": str(token or uuid4()), "title": "Typed", **fields}.items())


def kept(officer, message=None, turn=1, at=NOON, **fields):
    keep(officer, Kind.PRESS_RELEASE, message, form(**fields), turn)
    return offers(officer, Kind.PRESS_RELEASE, message, at)


def test_typed_text_is_offered_with_its_difference():
    officer, message = make_officer(), make_message(title="Saved")

    (offer,) = kept(officer, message, title="Typed")

    assert [difference.name for difference in offer.differences] == ["title"]
    assert offer.at == NOON


def test_text_of_a_new_message_is_offered_on_the_form_of_its_kind_only():
    officer = make_officer()

    assert len(kept(officer, title="Typed")) == 1

    assert offers(officer, Kind.STATEMENT, None, NOON) == []
    assert offers(officer, Kind.PRESS_RELEASE, make_message(), NOON) == []


def test_officer_sees_only_his_own():
    message = make_message()
    (offer,) = kept(make_officer(), message)
    other = make_officer()

    assert offers(other, Kind.PRESS_RELEASE, message, NOON) == []
    assert find(other, Kind.PRESS_RELEASE, message, str(offer.token), NOON) is None


def test_what_says_the_same_as_the_saved_text_is_not_offered():
    message = make_message(title="Saved")

    assert kept(make_officer(), message, title="Saved") == []


def test_two_tabs_do_not_overwrite_each_other():
    officer = make_officer()
    kept(officer, title="One")

    assert len(kept(officer, title="Other")) == 2


@pytest.mark.parametrize(("turns", "title"), [((1, 2), "Second"), ((2, 1), "First"), ((2, 2), "First")])
def test_copy_that_was_held_up_does_not_overwrite_a_later_one(turns, title):
    officer, token = make_officer(), uuid4()

    for turn, typed in zip(turns, ("First", "Second"), strict=True):
        keep(officer, Kind.PRESS_RELEASE, None, form(token, title=typed), turn)

    assert dict(Unsaved.objects.get().fields)["title"] == title


def test_saved_text_is_forgotten_and_a_late_copy_is_refused():
    officer, token = make_officer(), uuid4()
    keep(officer, Kind.PRESS_RELEASE, None, form(token), 1)

    close(officer, Kind.PRESS_RELEASE, str(token))
    late = keep(officer, Kind.PRESS_RELEASE, None, form(token), 5)

    assert (late.is_closed, late.fields) == (True, [])
    assert offers(officer, Kind.PRESS_RELEASE, None, NOON) == []


def test_copy_that_comes_after_a_save_of_which_nothing_was_kept_is_refused():
    officer, token = make_officer(), uuid4()

    close(officer, Kind.PRESS_RELEASE, str(token))

    assert keep(officer, Kind.PRESS_RELEASE, None, form(token), 5).is_closed


def test_what_comes_with_a_button_is_kept_after_all_that_was_sent():
    officer, message, token = make_officer(), make_message(), uuid4()
    keep(officer, Kind.PRESS_RELEASE, message, form(token, title="First"), 7)

    row = keep_last(officer, Kind.PRESS_RELEASE, message, form(token, title="Last"))

    assert (row.token, dict(row.fields)["title"]) == (token, "Last")


@pytest.mark.parametrize("text", ["", "no token", "\x00"])
def test_what_comes_with_a_button_and_no_token_is_kept_too(text):
    officer, message = make_officer(), make_message()

    row = keep_last(officer, Kind.PRESS_RELEASE, message, as_querydict({"unsaved_token": text, "title": "x"}.items()))

    assert find(officer, Kind.PRESS_RELEASE, message, str(row.token), NOON) == row


def test_what_the_database_cannot_hold_is_kept_without_it():
    (offer,) = kept(make_officer(), title="a\x00b\ud800")

    assert dict(offer.fields)["title"] == "ab?"


def test_secret_of_the_session_is_not_kept():
    (offer,) = kept(make_officer(), csrfmiddlewaretoken="secret")

    assert "secret" not in str(offer.fields)


def test_after_thirty_days_it_is_offered_no_more_and_goes_with_the_next_save():
    officer, other = make_officer(), make_officer()
    (offer,) = kept(officer)
    after = offer.at + timedelta(days=30)

    assert offers(officer, Kind.PRESS_RELEASE, None, after) == []
    Unsaved.objects.update(at=NOON - timedelta(days=30))
    close(other, Kind.PRESS_RELEASE, str(uuid4()))

    assert not Unsaved.objects.filter(officer=officer).exists()


def test_unsaved_text_goes_with_its_draft():
    message = make_message()
    kept(make_officer(), message)

    message.delete()

    assert not Unsaved.objects.exists()


# Who is here too


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (0, ["Anna Orlova opened this just now."]),
        (4, ["Anna Orlova opened this 4\xa0minutes ago."]),
        (29, ["Anna Orlova opened this 29\xa0minutes ago."]),
        (30, []),
    ],
)
def test_opening_alone_counts_for_half_an_hour(minutes, sentence):
    message, anna, boris = make_message(), make_officer(first_name="Anna", last_name="Orlova"), make_officer()
    presence.opened(message, anna)

    assert presence.others(message, boris, NOON + timedelta(minutes=minutes)) == sentence
    assert presence.others(message, anna, NOON + timedelta(minutes=minutes)) == []


def test_typing_is_told_and_a_sign_of_life_keeps_it(freeze):
    message, anna, boris = make_message(), make_officer(first_name="Anna", last_name="Orlova"), make_officer()
    presence.opened(message, anna)
    presence.seen(message, anna, typed=True)
    assert presence.others(message, boris, NOON) == ["Anna Orlova is writing in this now."]

    freeze(NOON + timedelta(minutes=40))
    presence.seen(message, anna)

    later = NOON + timedelta(minutes=45)
    assert presence.others(message, boris, later) == ["Anna Orlova wrote in this 45\xa0minutes ago."]


def test_who_was_here_long_ago_is_forgotten(freeze):
    message, anna, boris = make_message(), make_officer(), make_officer()
    presence.opened(message, anna)
    freeze(NOON + timedelta(minutes=30))

    presence.left(message, boris)

    assert not Presence.objects.exists()


def test_who_has_left_is_not_here():
    message, anna = make_message(), make_officer()
    presence.opened(message, anna)

    presence.left(message, anna)

    assert presence.others(message, make_officer(), NOON) == []
    assert not Presence.objects.exists()
