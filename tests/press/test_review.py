from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from press.acts import Refused, Seen
from press.content import content_sha256
from press.models import Approval, BrokenGlass, Edition, Event, Kind
from press.recall import recall
from press.release import after_grace, correct, release
from press.review import approval_of, approve, send_back, sign_off, submit
from press.withdraw import replace, retract, withdraw
from tests.press.factory import chain, change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def four_eyes(freeze, settings):
    """It is noon in London, and nobody alone releases anything."""
    settings.FOUR_EYES = True
    freeze(NOON)


@pytest.fixture
def approver():
    """Who approves."""
    return make_officer("Approvers")


def seen(message):
    message.refresh_from_db()
    return Seen.of(message)


def events(message):
    """What the history says, oldest first."""
    return list(message.events.order_by("pk").values_list("what", "by", "version", "words"))


def refused(match):
    return pytest.raises(IntegrityError, match=match)


def test_release_needs_the_approval_of_somebody_else(approver):
    message = make_message()

    with pytest.raises(Refused, match="Nobody has approved"):
        release(message, seen(message), message.author)
    with pytest.raises(Refused, match="Somebody else must approve"):
        approve(message, seen(message), message.author)
    approve(message, seen(message), approver)
    edition = release(message, seen(message), message.author)

    assert (edition.author, edition.approver, edition.releaser) == (message.author, approver, message.author)
    assert Edition.objects.live(NOON).get() == edition


def test_superuser_obeys_the_rule():
    message = make_message(by=make_officer(is_superuser=True))

    with pytest.raises(Refused, match="Somebody else"):
        approve(message, seen(message), message.author)


@pytest.mark.parametrize("field", ["title", "teaser", "body", "slug", "signed_in"])
def test_any_change_voids_an_approval(approver, field):
    message = make_message()
    approve(message, seen(message), approver)

    change(message, **{field: "changed"})

    assert approval_of(message) is None
    with pytest.raises(Refused, match="Nobody has approved"):
        release(message, seen(message), message.author)


def test_change_past_the_forms_voids_an_approval_too(approver):
    message = make_message(kind=Kind.Q_AND_A, questions=[("When?", "<p>Now.</p>")])
    approve(message, seen(message), approver)

    message.exchanges.update(answer="<p>Never.</p>")

    assert approval_of(message) is None


def test_who_changes_an_approved_text_cannot_approve_it_again(approver):
    message = make_message()
    approve(message, seen(message), approver)
    change(message, body="<p>Better.</p>", changed_by=approver)

    with pytest.raises(Refused, match="Somebody else"):
        approve(message, seen(message), approver)
    approve(message, seen(message), message.author)

    assert release(message, seen(message), approver).approver == message.author


def test_correction_needs_its_own_approval(approver, freeze):
    message = make_message()
    approve(message, seen(message), approver)
    release(message, seen(message), message.author)
    freeze(NOON + MINUTE)
    change(message, title="Another title")

    with pytest.raises(Refused, match="Nobody has approved"):
        correct(message, seen(message), message.author)
    approve(message, seen(message), approver)
    correct(message, seen(message), message.author)

    assert chain(message, NOON) == [(1, "release", 0, 1), (2, "correct", 1, None)]


def test_approval_lasts_for_another_moment_of_the_same_text(approver):
    message = make_message()
    approve(message, seen(message), approver)
    release(message, seen(message), message.author, NOON + MINUTE)

    release(message, seen(message), message.author, NOON + 5 * MINUTE)

    assert chain(message, NOON) == [(1, "release", 5, None)]


def test_office_of_one_needs_no_approval(settings):
    settings.FOUR_EYES = False
    message = make_message()

    assert release(message, seen(message), message.author).approver is None


def test_submitting_and_sending_back(approver):
    message = make_message()

    submit(message, seen(message), message.author)
    with pytest.raises(Refused, match="waits for an approver already"):
        submit(message, seen(message), message.author)
    with pytest.raises(Refused, match="Say what should change"):
        send_back(message, seen(message), approver, " ")
    send_back(message, seen(message), approver, "Name the hall.")
    with pytest.raises(Refused, match="does not wait"):
        send_back(message, seen(message), approver, "Again.")

    message.refresh_from_db()
    assert message.submitted_version is None
    assert events(message) == [
        ("submitted", message.author_id, 1, ""),
        ("returned", approver.pk, 1, "Name the hall."),
    ]


def test_approved_text_is_neither_submitted_nor_sent_back_nor_approved_again(approver):
    message = make_message()
    submit(message, seen(message), message.author)
    approve(message, seen(message), approver)

    for act, more in ((submit, ()), (send_back, ("No.",)), (approve, ())):
        with pytest.raises(Refused, match="approved already"):
            act(message, seen(message), approver, *more)


def test_review_of_another_version_than_was_seen_is_refused(approver):
    message = make_message()
    stale = seen(message)
    change(message, body="<p>Changed in the meantime.</p>")

    for act, more in ((submit, ()), (send_back, ("No.",)), (approve, ())):
        with pytest.raises(Refused, match="has changed"):
            act(message, stale, approver, *more)

    assert not Approval.objects.exists()


def test_broken_glass_releases_for_a_reason_and_stays_overdue_until_another_signs_it_off(approver):
    message = make_message()

    edition = release(message, seen(message), message.author, without_approval=" A fire next door. ")

    glass = BrokenGlass.objects.get()
    assert (edition.approver, glass.reason, glass.by, glass.at) == (None, "A fire next door.", message.author, NOON)
    with pytest.raises(Refused, match="Somebody else"):
        sign_off(glass, message.author)
    sign_off(glass, approver)
    with pytest.raises(Refused, match="already"):
        sign_off(glass, approver)
    glass.refresh_from_db()
    assert (glass.signed_off_by, glass.signed_off_at) == (approver, NOON)


def test_approved_text_breaks_no_glass(approver):
    message = make_message()
    approve(message, seen(message), approver)

    release(message, seen(message), message.author, without_approval="A fire next door.")

    assert not BrokenGlass.objects.exists()


def test_history_says_who_did_what_when_and_for_when(approver, freeze):
    message, other = make_message(), make_message()
    submit(message, seen(message), message.author)
    freeze(NOON + MINUTE)
    approve(message, seen(message), approver)
    release(message, seen(message), message.author, NOON + 9 * MINUTE)
    recall(message, seen(message), approver)
    release(message, seen(message), message.author)
    freeze(NOON + 2 * MINUTE)
    change(message, body="<p>Corrected.</p>")
    correct(message, seen(message), message.author, note="The hall.", without_approval="In a hurry.")
    freeze(NOON + 3 * MINUTE)
    withdraw(message, seen(message), approver, "It is off.")

    history = message.events.order_by("pk").values_list("what", "by", "at", "version", "effective_at", "words")
    me, her = message.author_id, approver.pk
    first, second, third = NOON + MINUTE, NOON + 2 * MINUTE, NOON + 3 * MINUTE
    assert list(history) == [
        ("submitted", me, NOON, 1, None, ""),
        ("approved", her, first, 1, None, ""),
        ("released", me, first, 1, NOON + 9 * MINUTE, ""),
        ("recalled", her, first, 1, NOON + 9 * MINUTE, ""),
        ("released", me, first, 1, first, ""),
        ("glass-broken", me, second, 2, None, "In a hurry."),
        ("corrected", me, second, 2, second, "The hall."),
        ("withdrawn", her, third, 2, third, "It is off."),
    ]
    assert not other.events.exists()


def test_retraction_and_replacement_are_in_the_history(settings, freeze):
    settings.FOUR_EYES = False
    one, two, three = make_live(), make_live(), make_live()
    freeze(NOON + MINUTE)

    retract(one, seen(one), one.author)
    replace(two, seen(two), two.author, three)

    assert [message.events.first().what for message in (one, two)] == ["retracted", "replaced"]


def test_refused_act_leaves_no_event():
    message = make_message()

    with pytest.raises(Refused):
        release(message, seen(message), message.author)

    assert not Event.objects.exists()


@pytest.mark.parametrize("column", ["what", "by_id", "at", "version", "effective_at", "words", "message_id"])
def test_history_cannot_be_edited_or_deleted(column):
    message, other = make_message(), make_message()
    submit(message, seen(message), message.author)
    value = {"message_id": other.pk, "by_id": other.author_id, "version": 9, "at": NOON - MINUTE, "effective_at": NOON}

    with refused("history never changes"), transaction.atomic():
        Event.objects.update(**{column: value.get(column, "changed")})
    with refused("history never changes"), transaction.atomic():
        Event.objects.all().delete()


def test_draft_takes_its_history_with_it():
    message = make_message()
    submit(message, seen(message), message.author)

    message.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert not Event.objects.exists()


def test_database_refuses_the_authors_own_approval_and_that_of_another_version(approver):
    message = make_message()
    fields = {"message": message, "content_sha256": content_sha256(message), "approved_at": NOON}

    with refused("cannot approve"), transaction.atomic():
        Approval.objects.create(version=1, approver=message.author, **fields)
    with refused("cannot approve"), transaction.atomic():
        Approval.objects.create(version=2, approver=approver, **fields)
    with refused("approval_sha256"), transaction.atomic():
        Approval.objects.create(version=1, approver=approver, **{**fields, "content_sha256": "x"})
    approval = Approval.objects.create(version=1, approver=approver, **fields)
    with refused("never changes"), transaction.atomic():
        Approval.objects.update(content_sha256="0" * 64)
    with refused("approval_once"), transaction.atomic():
        approval.pk = None
        approval.save(force_insert=True)


def test_database_refuses_an_edition_that_its_author_approved(approver):
    message = make_message()
    approve(message, seen(message), approver)
    edition = release(message, seen(message), message.author, NOON + MINUTE)
    edition.pk, edition.approver, edition.number = None, edition.author, 2

    with refused("edition_four_eyes"), transaction.atomic():
        edition.save(force_insert=True)


def test_broken_glass_stays_on_record(approver):
    message = make_message()
    release(message, seen(message), message.author, without_approval="A fire.")

    for fields in ({"reason": "Nothing."}, {"by": approver}, {"at": NOON - MINUTE}, {"version": 9}):
        with refused("stays on record"), transaction.atomic():
            BrokenGlass.objects.update(**fields)
    with refused("stays on record"), transaction.atomic():
        BrokenGlass.objects.all().delete()
    with refused("broken_glass_by_another"), transaction.atomic():
        BrokenGlass.objects.update(signed_off_by=message.author, signed_off_at=NOON)
    sign_off(BrokenGlass.objects.get(), approver)
    with refused("stays on record"), transaction.atomic():
        BrokenGlass.objects.update(signed_off_by=None, signed_off_at=None)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 5 * MINUTE), (0.000001, 6 * MINUTE), (59.9, 6 * MINUTE), (60, 6 * MINUTE)]
)
def test_grace_ends_on_a_whole_minute(settings, seconds, expected):
    settings.GRACE_MINUTES = 5

    assert after_grace(NOON + timedelta(seconds=seconds)) == NOON + expected


def test_release_now_waits_for_the_grace_period_and_can_be_recalled(settings, approver):
    settings.GRACE_MINUTES = 5
    message = make_message()
    approve(message, seen(message), approver)

    release(message, seen(message), message.author)
    assert chain(message, NOON) == [(1, "release", 5, None)]
    recall(message, seen(message), message.author)

    assert chain(message, NOON) == []
