from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from embassy.chain import Act
from press.acts import Refused, Seen
from press.models import Address, Edition, Kind
from press.release import correct, release
from press.withdraw import withdraw
from tests.press.factory import chain, change, make_correction, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


def test_release_makes_the_first_edition_live_at_once():
    officer, releaser = make_officer(), make_officer()
    message = make_message(by=officer, title="A visit", teaser="They came.", body="<p>They came and left.</p>")

    release(message, Seen.of(message), releaser)

    edition = Edition.objects.live(NOON).get()
    assert chain(message, NOON) == [(1, "release", 0, None)]
    assert (edition.title, edition.teaser, edition.body) == (
        "A visit",
        "They came.",
        '<p id="p1">They came and left.</p>',
    )
    assert (edition.language, edition.kind, edition.note) == ("en", Kind.PRESS_RELEASE, "")
    assert (edition.author, edition.releaser, edition.approver) == (officer, releaser, None)
    assert (edition.published_at, edition.updated_at, edition.published_on) == (NOON, NOON, date(2026, 5, 12))
    assert (edition.address.language, edition.address.date, edition.address.slug) == ("en", NOON.date(), "a-visit")
    assert edition.draft_version == message.version
    assert edition.get_absolute_url() == "/messages/2026/05/12/a-visit/"
    message.refresh_from_db()
    assert message.published_on == date(2026, 5, 12)


def test_release_for_a_minute_is_not_live_before_it():
    message = make_live(at=NOON + MINUTE)

    assert not Edition.objects.live(NOON + MINUTE - timedelta(microseconds=1)).exists()
    assert Edition.objects.live(NOON + MINUTE).get().message == message
    assert Edition.objects.scheduled(NOON).get().message == message
    assert not Edition.objects.scheduled(NOON + MINUTE).exists()


def test_edition_is_live_until_the_next_one_and_not_a_moment_longer(freeze):
    message = make_live()
    make_correction(message, at=NOON + MINUTE)

    before, at = NOON + MINUTE - timedelta(microseconds=1), NOON + MINUTE

    assert [edition.number for edition in Edition.objects.live(before)] == [1]
    assert [edition.number for edition in Edition.objects.live(at)] == [2]


def test_release_dates_a_message_by_the_host_citys_calendar():
    message = make_live(title="Late", at=datetime(2026, 5, 12, 23, 30, tzinfo=UTC))

    assert message.editions.get().published_on == date(2026, 5, 13)


def test_release_keeps_the_first_date_through_corrections_and_after_a_withdrawal(freeze):
    message = make_live()
    freeze(NOON + timedelta(days=2))
    make_correction(message, note="The date was wrong.")
    freeze(NOON + timedelta(days=3))
    withdraw(message, Seen.of(message), message.author, "It was about another embassy.")
    freeze(NOON + timedelta(days=4))

    release(message, Seen.of(message), message.author)

    assert {e.published_at for e in message.editions.all()} == {NOON}
    assert {e.published_on for e in message.editions.all()} == {date(2026, 5, 12)}
    assert {e.address_id for e in message.editions.all()} == {message.editions.first().address_id}
    updated = message.editions.order_by("number").values_list("updated_at", flat=True)
    assert [(moment - NOON).days for moment in updated] == [0, 2, 3, 3]


def test_correction_without_a_note_does_not_move_updated(freeze):
    message = make_live()
    freeze(NOON + MINUTE)

    make_correction(message)

    newest = message.editions.latest("number")
    assert (newest.act, newest.note, newest.updated_at) == (Act.CORRECT, "", NOON)
    assert not newest.is_updated


def test_release_of_a_live_message_is_refused(freeze):
    message = make_live()
    freeze(NOON + MINUTE)

    with pytest.raises(Refused, match="is live"):
        release(message, Seen.of(message), message.author)


def test_correction_of_what_is_not_live_is_refused():
    draft, scheduled = make_message(), make_live(at=NOON + MINUTE)

    for message in (draft, scheduled):
        with pytest.raises(Refused, match="not live"):
            correct(message, Seen.of(message), message.author)


def test_correction_that_changes_nothing_is_refused(freeze):
    message = make_live()
    freeze(NOON + MINUTE)

    with pytest.raises(Refused, match="the one that is live"):
        correct(message, Seen.of(message), message.author, note="Nothing.")


@pytest.mark.parametrize("at", [NOON, NOON - MINUTE])
def test_release_for_a_moment_that_has_passed_is_refused(at):
    message = make_message()

    with pytest.raises(Refused, match="has passed"):
        release(message, Seen.of(message), message.author, at)


@pytest.mark.parametrize("past", [timedelta(seconds=1), timedelta(microseconds=1)])
def test_release_for_a_broken_minute_is_refused(past):
    message = make_message()

    with pytest.raises(Refused, match="whole minute"):
        release(message, Seen.of(message), message.author, NOON + MINUTE + past)


def test_act_on_another_version_than_the_officer_saw_is_refused():
    message = make_message()
    seen = Seen.of(message)
    change(message, title="Another title")

    with pytest.raises(Refused, match="has changed"):
        release(message, seen, message.author)

    assert not Edition.objects.exists()
    assert not Address.objects.exists()


def test_second_press_of_the_same_button_is_refused(freeze):
    message = make_message()
    seen = Seen.of(message)
    release(message, seen, message.author, NOON + 5 * MINUTE)
    freeze(NOON + MINUTE)

    with pytest.raises(Refused, match="has changed"):
        release(message, seen, message.author, NOON + 5 * MINUTE)

    assert chain(message, NOON) == [(1, "release", 5, None)]


def test_release_at_once_recalls_the_scheduled_edition_in_the_same_act(freeze):
    message = make_live(title="Scheduled", at=NOON + 5 * MINUTE)
    freeze(NOON + MINUTE)

    release(message, Seen.of(message), message.author)

    assert chain(message, NOON) == [(1, "release", 1, None)]
    assert message.editions.get().published_at == NOON + MINUTE


def test_release_to_a_later_day_takes_the_address_of_that_day(freeze):
    message = make_live(title="A visit", at=NOON + 5 * MINUTE)

    release(message, Seen.of(message), message.author, NOON + timedelta(days=1))

    assert [str(address) for address in message.addresses.all()] == ["en 2026-05-13 a-visit"]
    message.refresh_from_db()
    assert message.published_on == date(2026, 5, 13)


def test_correction_at_once_recalls_the_scheduled_correction(freeze):
    message = make_live()
    freeze(NOON + MINUTE)
    make_correction(message, at=NOON + 5 * MINUTE, body="<p>Scheduled.</p>")
    freeze(NOON + 2 * MINUTE)

    make_correction(message, body="<p>At once.</p>")

    assert chain(message, NOON) == [(1, "release", 0, 2), (2, "correct", 2, None)]
    assert "At once." in message.editions.get(number=2).body


def test_correction_that_cannot_recall_in_time_is_refused_and_changes_nothing(freeze):
    message = make_live()
    freeze(NOON + MINUTE)
    make_correction(message, at=NOON + 5 * MINUTE)
    freeze(NOON + 5 * MINUTE - timedelta(seconds=9))

    with pytest.raises(Refused, match="few seconds"):
        make_correction(message)

    assert chain(message, NOON) == [(1, "release", 0, 5), (2, "correct", 5, None)]


def test_taken_slugs_are_numbered():
    urls = [make_live(title="Closed on Monday").editions.get().get_absolute_url() for _ in range(3)]

    assert urls == [
        "/messages/2026/05/12/closed-on-monday/",
        "/messages/2026/05/12/closed-on-monday-2/",
        "/messages/2026/05/12/closed-on-monday-3/",
    ]


def test_slug_of_a_cyrillic_title_is_transliterated():
    edition = make_live(title="О режиме работы 12 июня", language="ru").editions.get()

    assert edition.get_absolute_url() == "/ru/messages/2026/05/12/o-rezhime-raboty-12-iyunya/"


def test_correction_keeps_the_address_though_the_title_changes_unless_the_officer_names_another(freeze):
    message = make_live(title="The first title")
    freeze(NOON + MINUTE)
    make_correction(message, title="Another title")
    freeze(NOON + 2 * MINUTE)
    make_correction(message, slug="another-address")
    freeze(NOON + 3 * MINUTE)
    make_correction(message, slug="the-first-title")

    slugs = message.editions.order_by("number").values_list("address__slug", flat=True)
    assert list(slugs) == ["the-first-title", "the-first-title", "another-address", "the-first-title"]
    assert message.addresses.count() == 2


def test_edition_of_a_statement_has_its_signing_and_signatories_in_order():
    message = make_live(
        kind=Kind.STATEMENT, signed_in="Moscow", signed_on=date(2026, 5, 11), signatories=["The Garden", "The Library"]
    )

    edition = message.editions.get()
    assert [each["on_behalf_of"] for each in edition.signatories] == ["The Garden", "The Library"]
    assert (edition.signed_in, edition.signed_on, edition.is_joint) == ("Moscow", date(2026, 5, 11), True)


def test_edition_of_a_press_release_has_no_signing():
    edition = make_live(signed_in="Moscow", signed_on=date(2026, 5, 11), signatories=["The Garden"]).editions.get()

    assert (edition.signed_in, edition.signed_on, edition.signatories) == ("", None, [])


def test_edition_of_a_q_and_a_has_its_questions_with_ids():
    message = make_live(
        kind=Kind.Q_AND_A,
        body="",
        questions=[("When?", "<p>On Monday.</p>"), ("Why?", "<p>Because.</p><p>Indeed.</p>")],
    )

    assert message.editions.get().exchanges == [
        {"id": "q1", "question": "When?", "answer": '<p id="p1">On Monday.</p>'},
        {"id": "q2", "question": "Why?", "answer": '<p id="p2">Because.</p><p id="p3">Indeed.</p>'},
    ]


def test_headings_of_an_answer_stand_below_its_question():
    message = make_live(kind=Kind.Q_AND_A, body="", questions=[("When?", "<h2>Hours</h2><p>Nine.</p>")])

    assert message.editions.get().exchanges[0]["answer"] == '<h3 id="p1">Hours</h3><p id="p2">Nine.</p>'


def test_paragraph_ids_are_kept_by_a_correction_and_never_reused(freeze):
    message = make_live(body="<p>One.</p><p>Two.</p><p>Three.</p>")
    freeze(NOON + MINUTE)
    make_correction(message, body="<p>One.</p><p>Two.</p>")
    freeze(NOON + 2 * MINUTE)
    make_correction(message, body="<p>One.</p><p>Quite another.</p><p>Two.</p>")

    newest = message.editions.latest("number")
    assert newest.body == '<p id="p1">One.</p><p id="p4">Quite another.</p><p id="p2">Two.</p>'


def test_release_cleans_what_came_into_the_working_copy_past_the_models():
    message = make_message(kind=Kind.Q_AND_A, questions=[("When?", "<p>Now.</p>")])
    dirty = "<p onclick=x()>Text</p><script>x()</script>"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE press_message SET body = %s", [dirty])
        cursor.execute("UPDATE press_exchange SET question = %s, answer = %s", [dirty, dirty])

    edition = release(message, Seen.of(message), message.author)

    assert edition.body == '<p id="p1">Text</p>'
    assert edition.exchanges == [{"id": "q1", "question": "Text", "answer": '<p id="p2">Text</p>'}]
