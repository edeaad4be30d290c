"""Releasing, correcting, recalling, withdrawing: the acts' pages as an officer uses them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from embassy.chain import Act
from press.models import Edition
from tests.press.admin.desk import act, page_of, section_of, told
from tests.press.factory import change, make_correction, make_live, make_message, make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)  # London 12:00
LATER = "2026-05-12T14:00"
AT_LATER = datetime(2026, 5, 12, 13, 0, tzinfo=UTC)
IN_WORDS = "12 May 2026 at 14:00 London, 16:00 Moscow"


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def confirm(desk, message, name, later=LATER, **fields):
    """Enter a time, see what will happen, press the button that says so."""
    shown = act(desk, message, name, confirmed=None, later=later, **fields)
    assert shown.status_code == 200
    return act(desk, message, name, confirmed=shown.context["confirmed"], later=later, **fields)


def history(desk, message):
    """What the page "History" tells, oldest first: what, by whom, for readers from when."""
    rows = desk.get(page_of(message, "history")).context["rows"]
    return [(row["event"].what, row["event"].by, row["event"].effective_at) for row in rows[::-1]]


# Release


def test_release_page_says_what_will_happen(desk):
    message = make_message(title="New hours")

    page = desk.get(page_of(message, "release"))

    assert page.context["sentences"] == [
        "The text goes live at once. It is now 12 May 2026 at 12:00 London, 14:00 Moscow.",
        "Its address is https://press.example.org/messages/2026/05/12/new-hours/",
    ]
    html = page.content.decode()
    assert '<button type="submit" class="button default" name="confirmed" value="now">Release now</button>' in html
    assert '<input type="datetime-local" name="later" id="id_later" aria-describedby="id_later_clocks">' in html
    assert "Not now but later, at this time in London" in html


def test_release_now(desk, officer):
    message = make_message(title="New hours")

    response = act(desk, message, "release")

    edition = Edition.objects.get()
    assert (edition.live_from, edition.act, edition.releaser) == (NOON, Act.RELEASE, officer)
    assert told(response) == [
        "Released on 12 May 2026 at 12:00 London, 14:00 Moscow. "
        "Its address is https://press.example.org/messages/2026/05/12/new-hours/ "
        '<a href="https://press.example.org/messages/2026/05/12/new-hours/">View on site</a>'
    ]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_edited_object()._meta.model_name) == (officer, section_of(message))
    assert str(entry.get_change_message()) == "Released on 12 May 2026 at 12:00 London, 14:00 Moscow."
    assert history(desk, message) == [("released", officer, NOON)]


def test_release_later_shows_the_moment_before_it_acts(desk):
    message = make_message(title="New hours")

    shown = act(desk, message, "release", confirmed=None, later=LATER)

    assert not Edition.objects.exists()
    assert shown.context["sentences"][0] == f"The text goes live on {IN_WORDS}."
    assert f"Release on {IN_WORDS}</button>" in shown.content.decode()
    assert 'value="2026-05-12T14:00"' in shown.content.decode()

    response = act(desk, message, "release", confirmed=shown.context["confirmed"], later=LATER)

    assert Edition.objects.get().live_from == AT_LATER
    assert told(response) == [
        f"Scheduled for {IN_WORDS}. Its address is https://press.example.org/messages/2026/05/12/new-hours/"
    ]
    assert str(LogEntry.objects.get().get_change_message()) == f"Scheduled for {IN_WORDS}."
    assert history(desk, message) == [("released", Edition.objects.get().releaser, AT_LATER)]


def test_release_with_another_moment_than_the_one_shown_shows_it_first(desk):
    message = make_message()

    for confirmed in ("now", "2026-05-12T14:00+01:00", "nonsense"):
        response = act(desk, message, "release", confirmed=confirmed, later="2026-05-12T15:00")

        assert response.context["sentences"][0].startswith("The text goes live on 12 May 2026 at 15:00 London")
    assert not Edition.objects.exists()


def test_emptied_moment_is_shown_again_before_it_means_now(desk):
    message = make_message()

    response = act(desk, message, "release", confirmed="2026-05-12T14:00+01:00", later="")

    assert response.context["sentences"][0].startswith("The text goes live at once.")
    assert not Edition.objects.exists()


def test_release_across_midnight_names_both_dates(desk):
    shown = act(desk, make_message(), "release", confirmed=None, later="2026-05-12T23:30")

    assert "on 12 May 2026 at 23:30 London, 13 May 2026 at 01:30 Moscow." in shown.context["sentences"][0]


@pytest.mark.parametrize(
    ("later", "refusal"),
    [
        ("2026-05-12T12:00", "This moment has passed. Choose a later one, or release now."),
        ("2026-05-12T11:59", "This moment has passed. Choose a later one, or release now."),
        ("2026-05-12T14:00:30", "Choose a whole minute."),
    ],
)
def test_release_at_an_impossible_moment_is_refused(desk, later, refusal):
    response = act(desk, make_message(), "release", confirmed=None, later=later)

    assert response.context["refused"] == refusal
    assert refusal in response.content.decode()
    assert f'value="{later}"' in response.content.decode()


@pytest.mark.parametrize(
    ("later", "refusal"),
    [
        ("2027-03-28T01:30", "On 28 March 2027 the clocks in London go forward, and there is no 01:30."),
        ("2026-10-25T01:30", "On 25 October 2026 the clocks in London go back, and it is 01:30 twice."),
        ("soon", "Enter a valid date/time."),
        ("9999-12-31T23:59", "Choose a moment within the next two years."),
        ("0001-01-01T00:00", "Choose a moment within the next two years."),
    ],
)
def test_moment_that_is_none_is_refused_at_the_field(desk, later, refusal):
    for confirmed in (None, "now"):
        response = act(desk, make_message(), "release", confirmed=confirmed, later=later)

        assert refusal in response.context["form"].errors["later"][0]
        assert 'name="confirmed"' not in response.content.decode()
    assert not Edition.objects.exists()


def test_release_of_a_stale_page_is_refused(desk):
    message = make_message()
    seen = desk.get(page_of(message, "release")).context["seen"]
    change(message, body="<p>Other.</p>")

    response = desk.post(page_of(message, "release"), {"seen": seen, "later": "", "confirmed": "now"})

    assert (
        response.context["refused"]
        == "This message has changed since you opened the page. Look at it again, then decide."
    )
    # One must look again before the button is there.
    assert 'name="confirmed"' not in response.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize("seen", ["", "x-y", "²-²", f"{10**30}-0"])
def test_release_without_what_was_seen_is_refused(desk, seen):
    response = desk.post(page_of(make_message(), "release"), {"seen": seen, "later": "", "confirmed": "now"})

    assert response.context["refused"].startswith("This message has changed")


def test_release_pressed_twice_happens_once(desk):
    message = make_message()
    seen = desk.get(page_of(message, "release")).context["seen"]
    data = {"seen": seen, "later": "", "confirmed": "now"}

    first, second = (desk.post(page_of(message, "release"), data) for _press in range(2))

    assert (first.status_code, second.status_code) == (302, 200)
    assert second.context["refused"].startswith("This message has changed")
    assert Edition.objects.count() == 1


def test_release_with_a_taken_slug_says_so(desk):
    make_live(title="New hours")
    message = make_message(title="New hours")
    page = desk.get(page_of(message, "release"))

    sentence = (
        "Its address is https://press.example.org/messages/2026/05/12/new-hours-2/ "
        "because another message of that day has “new-hours”."
    )
    assert page.context["sentences"][1] == sentence
    assert sentence in told(act(desk, message, "release"))[0]


def test_release_of_what_is_scheduled_moves_it(desk):
    message = make_live(at=NOON + timedelta(days=1))
    page = desk.get(page_of(message, "release"))
    assert page.context["sentences"][1] == (
        "What is scheduled for 13 May 2026 at 12:00 London, 14:00 Moscow is recalled."
    )

    confirm(desk, message, "release")

    assert Edition.objects.get().live_from == AT_LATER


def test_release_of_what_is_live_is_not_offered(desk):
    message = make_live()

    html = desk.get(page_of(message, "release")).content.decode()

    assert "This is not possible now." in html
    assert "<button" not in html.partition('id="content-main"')[2]


def test_history_is_written_in_the_same_transaction(desk, monkeypatch):
    message = make_message()

    def fail(*args):
        raise RuntimeError("no history")

    monkeypatch.setattr("django.contrib.admin.ModelAdmin.log_change", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        act(desk, message, "release")

    assert not Edition.objects.exists()


# Correct


def test_correct_needs_an_answer_to_whether_readers_are_told(desk):
    message = change(make_live(), body="<p>More.</p>")

    response = act(desk, message, "correct", note="", readers_told="")

    assert list(response.context["form"].errors) == ["readers_told"]
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("told_readers", "note", "field"), [("yes", "", "note"), ("yes", "  ", "note"), ("no", "A note.", "readers_told")]
)
def test_correct_refuses_what_contradicts_itself(desk, told_readers, note, field):
    message = change(make_live(), body="<p>More.</p>")

    response = act(desk, message, "correct", readers_told=told_readers, note=note)

    assert list(response.context["form"].errors) == [field]
    assert note in response.content.decode()
    assert Edition.objects.count() == 1


def test_correct_with_a_note(desk, freeze):
    message = change(make_live(), body="<p>More.</p>")
    freeze(NOON + timedelta(minutes=1))

    response = act(desk, message, "correct", readers_told="yes", note="The hour was wrong.")

    edition = Edition.objects.get(number=2)
    assert (edition.act, edition.note, edition.is_updated) == (Act.CORRECT, "The hour was wrong.", True)
    assert told(response)[0].startswith("Corrected on 12 May 2026 at 12:01 London, 14:01 Moscow. Its address is ")


def test_correct_as_minor(desk, freeze):
    message = change(make_live(), body="<p>More.</p>")
    freeze(NOON + timedelta(minutes=1))

    act(desk, message, "correct", readers_told="no", note="")

    edition = Edition.objects.get(number=2)
    assert (edition.note, edition.is_updated) == ("", False)


def test_correct_later(desk):
    message = change(make_live(), body="<p>More.</p>")
    shown = act(desk, message, "correct", confirmed=None, later=LATER, readers_told="no", note="")
    assert shown.context["sentences"][0] == f"The live text stays until {IN_WORDS}; then the new one takes its place."

    confirm(desk, message, "correct", readers_told="no", note="")

    assert Edition.objects.get(number=2).live_from == AT_LATER
    assert str(LogEntry.objects.latest("pk").get_change_message()) == f"Correction scheduled for {IN_WORDS}."
    assert history(desk, message)[-1][::2] == ("corrected", AT_LATER)


# Recall


def test_recall(desk):
    message = make_live(at=NOON + timedelta(days=1))
    page = desk.get(page_of(message, "recall"))
    assert page.context["sentences"] == [
        "What is scheduled for 13 May 2026 at 12:00 London, 14:00 Moscow is recalled.",
        "Nothing of it is left outside the office. The draft stays as it is.",
    ]
    assert "later" not in page.context["form"].fields

    response = act(desk, message, "recall")

    assert not Edition.objects.exists()
    assert told(response) == ["Recalled what was scheduled for 13 May 2026 at 12:00 London, 14:00 Moscow."]


def test_recall_of_a_correction_keeps_what_is_live(desk):
    message = make_live()
    make_correction(message, at=NOON + timedelta(days=1))

    assert desk.get(page_of(message, "recall")).context["sentences"][1].startswith("Readers go on seeing the text")
    act(desk, message, "recall")

    assert Edition.objects.get().live_until is None


def test_recall_in_the_last_seconds_is_refused(desk, freeze):
    message = make_live(at=NOON + timedelta(minutes=1))
    freeze(NOON + timedelta(seconds=55))

    response = act(desk, message, "recall")

    assert response.context["refused"] == (
        "The scheduled edition goes live in a few seconds and can no longer be recalled."
    )
    assert Edition.objects.count() == 1


# Withdraw


def test_withdraw_needs_a_reason_and_loses_nothing(desk):
    message = make_live()

    response = act(desk, message, "withdraw", reason=" ", later=LATER)

    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert f'value="{LATER}"' in response.content.decode()


def test_withdraw_now(desk, freeze):
    message = make_live()
    freeze(NOON + timedelta(minutes=1))

    response = act(desk, message, "withdraw", reason="It was a draft.")

    edition = Edition.objects.get(number=2)
    assert (edition.act, edition.note) == (Act.WITHDRAW, "It was a draft.")
    assert told(response) == ["Withdrawn on 12 May 2026 at 12:01 London, 14:01 Moscow."]


def test_withdraw_later_recalls_what_is_scheduled_and_says_so(desk):
    message = make_live()
    make_correction(message, at=NOON + timedelta(days=1))
    shown = act(desk, message, "withdraw", confirmed=None, later=LATER, reason="Out of date.")
    assert shown.context["sentences"] == [
        f"Readers see the text until {IN_WORDS}; then the date and the reason.",
        "What is scheduled for 13 May 2026 at 12:00 London, 14:00 Moscow is recalled.",
    ]

    confirm(desk, message, "withdraw", reason="Out of date.")

    edition = Edition.objects.get(number=2)
    assert (edition.act, edition.live_from) == (Act.WITHDRAW, AT_LATER)


def test_refused_withdrawal_keeps_the_reason(desk):
    message = make_live()
    seen = desk.get(page_of(message, "withdraw")).context["seen"]
    make_correction(message, at=NOON + timedelta(days=1))

    response = desk.post(
        page_of(message, "withdraw"), {"seen": seen, "later": "", "confirmed": "now", "reason": "A long reason."}
    )

    assert "A long reason.</textarea>" in response.content.decode()


# Who may


@pytest.mark.parametrize("name", ["release", "correct", "recall", "withdraw", "feature"])
def test_acts_need_the_release_right(client, name):
    officer = make_officer()
    group = officer.groups.get()
    group.permissions.remove(group.permissions.get(codename="release_message"))
    client.force_login(officer)
    message = make_message()

    assert client.get(page_of(message, name)).status_code == 403
    assert client.post(page_of(message, name), {"confirmed": "now", "seen": "1-0"}).status_code == 403
    tools = client.get(page_of(message)).context["tools"]
    assert [str(label) for label, _url in tools] == ["Preview", "Pictures and files (0)…"]
    assert not Edition.objects.exists()


def test_acts_on_what_is_not_there_lead_back(desk):
    message = make_message()
    address = page_of(message, "release")
    message.delete()

    assert desk.get(address).status_code == 302
    assert desk.get(address.replace("/release/", "/preview/")).status_code == 302


def test_reschedule_says_what_happens_and_does_it(desk):
    message = make_live(at=NOON + timedelta(hours=1), slug="new-hours")

    page = desk.get(page_of(message, "reschedule"))
    assert page.context["form"]["later"].value() == NOON + timedelta(hours=1)
    assert page.context["sentences"][0] == (
        "It is scheduled for 12 May 2026 at 13:00 London, 15:00 Moscow. Enter another time."
    )
    assert 'name="confirmed"' not in page.content.decode()
    shown = act(desk, message, "reschedule", confirmed=None, later="2026-05-13T14:00")
    assert shown.context["sentences"] == [
        "What is scheduled for 12 May 2026 at 13:00 London, 15:00 Moscow happens on 13 May 2026 at 14:00 London, "
        "16:00 Moscow instead.",
        "It is the same text with the same approval; what has been written since stays a draft.",
        "Its address bears the new date.",
    ]
    confirmed = shown.context["confirmed"]
    response = act(desk, message, "reschedule", confirmed=confirmed, later="2026-05-13T14:00")

    assert told(response) == ["Rescheduled to 13 May 2026 at 14:00 London, 16:00 Moscow."]
    assert Edition.objects.get().live_from == NOON + timedelta(days=1, hours=2)


def test_reschedule_is_offered_only_while_something_is_scheduled(desk):
    def offered(message):
        return [str(label) for label, _url in desk.get(page_of(message)).context["tools"]]

    assert "Reschedule…" in offered(make_live(at=NOON + timedelta(hours=1)))
    assert "Reschedule…" not in offered(make_live())
    assert "Reschedule…" not in offered(make_message())


def test_reschedule_without_a_time_is_refused_at_the_field(desk):
    response = act(desk, make_live(at=NOON + timedelta(hours=1)), "reschedule", later="")

    assert response.context["form"].errors == {"later": ["This field is required."]}
