"""Reschedule: the same text at another moment, in one act."""

from datetime import UTC, datetime, timedelta

import pytest

from press.acts import Refused, Seen
from press.models import Address, Edition, Event
from press.release import release
from press.reschedule import reschedule
from press.review import approve
from press.withdraw import replace, withdraw
from tests.press.factory import chain, change, make_correction, make_live, make_message, make_officer
from tests.press.uploads_factory import add_attachment, add_photo

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def moved(message, at, by=None):
    return reschedule(message, Seen.of(message), by or message.author, at)


def test_release_moves_with_its_date_and_its_address():
    message = make_live(at=NOON + HOUR, slug="new-hours")
    by = make_officer()

    edition = moved(message, NOON + DAY, by)

    assert chain(message, NOON) == [(1, "release", 24 * 60, None)]
    stored = Edition.objects.get()
    assert stored.pk == edition.pk
    assert stored.published_at == stored.updated_at == stored.live_from == NOON + DAY
    assert (stored.get_absolute_url(), stored.releaser) == ("/messages/2026/05/13/new-hours/", by)
    assert Address.objects.count() == 1
    assert stored.is_intact()
    message.refresh_from_db()
    assert message.published_on == stored.published_on
    assert not Edition.objects.live(NOON + DAY - HOUR).exists()
    assert Edition.objects.live(NOON + DAY).exists()


def test_release_may_move_forward_too():
    message = make_live(at=NOON + DAY)

    moved(message, NOON + HOUR)

    assert chain(message, NOON) == [(1, "release", 60, None)]


def test_moved_text_is_the_approved_one_whatever_was_written_since(settings):
    settings.FOUR_EYES = True
    message = make_message(title="New hours", body="<p>Approved.</p>")
    approver = make_officer("Approvers")
    approve(message, Seen.of(message), approver)
    release(message, Seen.of(message), message.author, NOON + HOUR)
    before = Edition.objects.get()
    change(message, body="<p>Not approved.</p>")

    edition = moved(message, NOON + 2 * HOUR)

    assert (edition.body, edition.approver, edition.draft_version) == (before.body, approver, 1)
    message.refresh_from_db()
    assert (message.body, message.version) == ("<p>Not approved.</p>", 2)


def test_correction_moves_and_keeps_its_dates_and_note(freeze):
    message = make_live(slug="new-hours")
    freeze(NOON + HOUR)
    make_correction(message, at=NOON + 2 * HOUR, note="Told.", title="Corrected")

    edition = moved(message, NOON + DAY)

    assert chain(message, NOON) == [(1, "release", 0, 24 * 60), (2, "correct", 24 * 60, None)]
    assert (edition.note, edition.title, edition.published_at) == ("Told.", "Corrected", NOON)
    assert edition.updated_at == NOON + DAY
    assert edition.get_absolute_url() == "/messages/2026/05/12/new-hours/"


def test_minor_correction_to_a_new_address_keeps_both(freeze):
    message = make_live(slug="old")
    freeze(NOON + HOUR)
    make_correction(message, at=NOON + 2 * HOUR, slug="new")

    edition = moved(message, NOON + DAY)

    assert edition.updated_at == NOON
    assert edition.get_absolute_url() == "/messages/2026/05/12/new/"
    assert sorted(Address.objects.values_list("slug", flat=True)) == ["new", "old"]


def test_withdrawal_moves_with_its_reason(freeze):
    message = make_live()
    freeze(NOON + HOUR)
    withdraw(message, Seen.of(message), message.author, "It is over.", NOON + 2 * HOUR)

    edition = moved(message, NOON + DAY)

    assert (edition.act, edition.note, edition.body) == ("withdraw", "It is over.", "")
    assert chain(message, NOON)[-1] == (2, "withdraw", 24 * 60, None)


def test_replacement_cannot_move_before_its_replacement_is_live(freeze):
    message, later = make_live(), make_live(at=NOON + 3 * HOUR)
    freeze(NOON + HOUR)
    replace(message, Seen.of(message), message.author, later, NOON + 4 * HOUR)

    with pytest.raises(Refused, match="not live yet at that moment"):
        moved(message, NOON + 2 * HOUR)
    assert moved(message, NOON + 5 * HOUR).replaced_by == later


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (NOON + HOUR, "Choose another moment"),
        (None, "Choose another moment"),
        (NOON, "This moment has passed"),
        (NOON + 2 * HOUR + timedelta(seconds=1), "Choose a whole minute"),
    ],
)
def test_impossible_moment_is_refused_and_changes_nothing(at, refusal):
    message = make_live(at=NOON + HOUR)

    with pytest.raises(Refused, match=refusal):
        moved(message, at)
    assert chain(message, NOON) == [(1, "release", 60, None)]


def test_what_is_not_scheduled_or_nearly_live_is_refused(freeze):
    live, near = make_live(), make_live(at=NOON + HOUR)

    with pytest.raises(Refused, match="Nothing is scheduled"):
        moved(live, NOON + HOUR)
    freeze(NOON + HOUR - timedelta(seconds=9))
    with pytest.raises(Refused, match="goes live in a few seconds"):
        moved(near, NOON + DAY)


def test_stale_page_is_refused():
    message = make_live(at=NOON + HOUR)
    seen = Seen.of(message)
    moved(message, NOON + 2 * HOUR)

    with pytest.raises(Refused, match="has changed since you opened the page"):
        reschedule(message, seen, message.author, NOON + DAY)


def test_checklist_looks_at_the_new_moment():
    make_live(slug="later", at=NOON + 3 * HOUR)
    body = '<p><a href="https://press.example.org/messages/2026/05/12/later/">there</a></p>'
    message = make_live(body=body, at=NOON + 4 * HOUR)

    with pytest.raises(Refused, match="will not see by then"):
        moved(message, NOON + 2 * HOUR)
    assert chain(message, NOON) == [(1, "release", 240, None)]


def test_history_says_both_parts_of_the_act():
    message = make_live(at=NOON + HOUR)

    moved(message, NOON + DAY)

    events = message.events.order_by("pk").values_list("what", "effective_at")
    assert list(events)[-2:] == [(Event.What.RECALLED, NOON + HOUR), (Event.What.RELEASED, NOON + DAY)]


def test_pictures_and_files_move_with_the_text():
    message = make_message()
    add_photo(message, alt="A gate")
    add_attachment(message)
    release(message, Seen.of(message), message.author, NOON + HOUR)
    before = list(Edition.objects.get().files.values_list("position", "role", "file", "name", "alt"))

    moved(message, NOON + DAY)

    edition = Edition.objects.get()
    assert edition.file_count == len(before) == 2
    assert list(edition.files.values_list("position", "role", "file", "name", "alt")) == before
    assert edition.is_intact()
