"""The consular facts and notices in their chain, and the rule of four eyes over them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from consular.acts import approve, end, recall, release, release_as_operator, send_back, sign_off, submit
from consular.content import content_of
from consular.models import Approval, BrokenGlass, Confirmation, ConsularEdition, ContactInfo, Event, Facts
from consular.offices import published
from consular.state import state_of
from embassy import mail as outbox
from embassy.acts import Refused, Seen
from embassy.review import Stage
from tests.consular.factory import add_exception, london, make_notice, make_office, show_notice
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

NINE = london(2026, 3, 2, 9)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def four_eyes(freeze, settings):
    """It is nine in London, and nobody alone releases anything."""
    settings.FOUR_EYES = True
    freeze(NINE)


@pytest.fixture
def anna():
    return make_officer()


@pytest.fixture
def boris():
    return make_officer("Approvers")


def facts_changed_by(officer):
    """The facts of an office that `officer` has just changed."""
    make_office(hours=[(0, "09:00", "12:30")])
    facts = Facts.objects.current()
    facts.note_change(officer)
    return facts


def seen(document):
    document.refresh_from_db()
    return Seen.of(document)


def refused(words):
    return pytest.raises(Refused, match=words)


def test_facts_are_submitted_approved_and_released(anna, boris):
    facts = facts_changed_by(anna)

    submit(facts, seen(facts), anna)
    assert state_of(Facts.objects.current(), NINE).stage == Stage.SUBMITTED
    approve(facts, seen(facts), boris)
    edition = release(facts, seen(facts), anna)

    assert (edition.author, edition.approver, edition.releaser) == (anna, boris, anna)
    assert [event.what for event in facts.events.all()] == ["released", "approved", "submitted"]
    assert published(NINE).offices[0].name == "Consular Section"
    assert state_of(facts, NINE).words == "Live since 2 March 2026, 09:00"
    assert ConsularEdition.objects.get().is_intact()


def test_nobody_alone_changes_a_number(anna, boris):
    facts = facts_changed_by(anna)

    with refused("Somebody else must approve it"):
        approve(facts, seen(facts), anna)
    with refused("Nobody has approved this text"):
        release(facts, seen(facts), anna)
    root = make_officer(is_superuser=True)
    facts.note_change(root)
    with refused("Somebody else must approve it"):
        approve(facts, seen(facts), root)
    assert published(NINE) is None


def test_database_refuses_an_approval_by_who_changed_it(anna):
    facts = facts_changed_by(anna)

    with pytest.raises(IntegrityError, match="who last changed"), transaction.atomic():
        Approval.objects.create(
            document=facts, version=facts.version, content_sha256="0" * 64, approver=anna, approved_at=NINE
        )


def test_any_change_voids_an_approval_also_one_past_the_form(anna, boris):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    ContactInfo.objects.update(address_en="Elsewhere")

    with refused("Nobody has approved this text"):
        release(facts, seen(facts), anna)


def test_change_waits_for_its_minute_and_can_be_recalled_and_moved(anna, boris, freeze):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    release(facts, seen(facts), anna, NINE + 5 * MINUTE)

    release(facts, seen(facts), anna, NINE + 7 * MINUTE)
    assert [edition.live_from for edition in facts.editions.all()] == [NINE + 7 * MINUTE]
    recall(facts, seen(facts), anna)

    assert not facts.editions.exists()
    with refused("Nothing is scheduled"):
        recall(facts, seen(facts), anna)
    release(facts, seen(facts), anna, NINE + 5 * MINUTE)
    assert published(NINE + 5 * MINUTE - timedelta(seconds=1)) is None
    assert published(NINE + 5 * MINUTE) is not None
    assert [event.what for event in facts.events.all()][:3] == ["released", "recalled", "released"]


def test_moment_must_be_a_whole_minute_to_come(anna, boris):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)

    with refused("whole minute"):
        release(facts, seen(facts), anna, NINE + timedelta(seconds=30))
    with refused("has passed"):
        release(facts, seen(facts), anna, NINE)


def test_button_pressed_twice_releases_once(anna, boris):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    first = seen(facts)
    release(facts, first, anna)

    with refused("has changed since you opened the page"):
        release(facts, first, anna)
    with refused("Readers see this already"):
        release(facts, seen(facts), anna)


def test_submitted_facts_are_sent_back_with_a_remark(anna, boris):
    facts = facts_changed_by(anna)
    submit(facts, seen(facts), anna)

    with refused("Say what should change"):
        send_back(facts, seen(facts), boris, " ")
    send_back(facts, seen(facts), boris, "The fax is gone.")

    assert state_of(Facts.objects.current(), NINE).stage == Stage.WRITING
    event = facts.events.first()
    assert (event.what, event.words, event.by) == ("returned", "The fax is gone.", boris)


def test_broken_glass_is_told_to_the_approvers_and_signed_off_by_another(
    anna, boris, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(outbox, "send", lambda message: message.send())
    boris.email = "boris@example.org"
    boris.save()
    facts = facts_changed_by(anna)

    with django_capture_on_commit_callbacks(execute=True):
        edition = release(facts, seen(facts), anna, without_approval="The old line is dead.")

    assert edition.approver is None
    assert [(message.bcc, "The old line is dead." in message.body) for message in mail.outbox] == [
        (["boris@example.org"], True)
    ]
    assert f"/admin/consular/facts/{facts.pk}/change/" in mail.outbox[0].body
    glass = BrokenGlass.objects.get()
    assert state_of(facts, NINE).words == "Live since 2 March 2026, 09:00; to be signed off"
    with refused("You released this yourself"):
        sign_off(glass, anna)
    sign_off(glass, boris)
    with refused("signed off already"):
        sign_off(glass, boris)
    assert facts.events.first().what == Event.What.SIGNED_OFF


def test_operator_releases_only_what_was_never_released(anna):
    facts_changed_by(anna)

    assert release_as_operator().number == 1
    Facts.objects.current().note_change(anna)
    assert release_as_operator() is None


def test_first_release_of_a_number_counts_as_its_check(anna, boris):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    release(facts, seen(facts), anna)

    assert {(check.what, check.value, check.by) for check in Confirmation.objects.all()} == {
        ("phone", "+442079460911", anna),
        ("phone", "+442079460120", anna),
        ("phone", "+442079460124", anna),
        ("email", "appointments@example.org", anna),
        ("email", "consular@example.org", anna),
        ("address", "27 Larkspur Gate\nLondon", anna),
    }


def test_past_days_are_part_of_the_content_but_not_of_an_edition(anna, boris):
    facts = facts_changed_by(anna)
    add_exception(ContactInfo.objects.get(), "2026-03-01", "Past")
    add_exception(ContactInfo.objects.get(), "2026-03-02", "Today")
    approve(facts, seen(facts), boris)

    edition = release(facts, seen(facts), anna)

    assert len(content_of(facts)["offices"][0]["exceptions"]) == 2
    assert [day["date"] for day in edition.content["offices"][0]["exceptions"]] == ["2026-03-02"]


# Notices


def test_notice_needs_two_and_ends_by_itself(anna, boris):
    notice = make_notice("Down", NINE + 60 * MINUTE, by=anna)
    with refused("Nobody has approved this text"):
        release(notice, seen(notice), anna)
    approve(notice, seen(notice), boris)

    release(notice, seen(notice), anna, NINE + MINUTE)

    live = ConsularEdition.objects.live
    assert [live(NINE + minutes * MINUTE).count() for minutes in (0, 1, 59, 60)] == [0, 1, 1, 0]
    assert state_of(notice, NINE + 61 * MINUTE).words == "Ended on 2 March 2026, 10:00"


def test_notice_that_would_have_ended_is_not_released(anna, boris):
    notice = make_notice("Down", NINE + 5 * MINUTE, by=anna)
    approve(notice, seen(notice), boris)

    with refused("would have ended by then"):
        release(notice, seen(notice), anna, NINE + 5 * MINUTE)


def test_notice_is_ended_early_without_approval(anna, freeze):
    notice = make_notice("Down", NINE + 60 * MINUTE)
    with refused("not live"):
        end(notice, seen(notice), anna)
    show_notice(notice)
    freeze(NINE + MINUTE)

    edition = end(notice, seen(notice), anna)

    assert (edition.content, edition.header, edition.has_text) == ({}, {}, False)
    assert not ConsularEdition.objects.live(NINE + MINUTE).exists()
    assert ConsularEdition.objects.live(NINE + MINUTE - timedelta(seconds=1)).exists()
    assert state_of(notice, NINE + 2 * MINUTE).words == "Ended on 2 March 2026, 09:01"
    with refused("not live"):
        end(notice, seen(notice), anna)


def test_notice_that_has_ended_by_itself_is_not_ended_again(anna, freeze):
    notice = make_notice("Down", NINE + MINUTE)
    show_notice(notice)
    freeze(NINE + MINUTE)

    with refused("not live"):
        end(notice, seen(notice), anna)


# The database keeps it


COLUMNS = [field.attname for field in ConsularEdition._meta.concrete_fields if field.attname not in {"live_until"}]


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - {"id", "document_id"}))
def test_edition_never_changes_and_never_goes_away(anna, boris, column):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    edition = release(facts, seen(facts), anna)
    values = {
        "number": 7,
        "act": "correct",
        "live_from": NINE - MINUTE,
        "kind": "notice",
        "header": {"a": 1},
        "content": {"a": 1},
        "ends_at": NINE,
        "author_id": None,
        "approver_id": None,
        "releaser_id": None,
        "draft_version": 99,
        "canonical_version": 2,
        "sha256": "0" * 64,
    }

    with pytest.raises(IntegrityError, match=r"never changes|consular_edition_notice_ends"), transaction.atomic():
        ConsularEdition.objects.filter(pk=edition.pk).update(**{column: values[column]})
    with pytest.raises(IntegrityError, match="never goes away"), transaction.atomic():
        ConsularEdition.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="never go away"), transaction.atomic():
            cursor.execute("TRUNCATE consular_consularedition")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_but_its_number_and_hash_is_sealed(anna, boris, column):
    facts = facts_changed_by(anna)
    approve(facts, seen(facts), boris)
    edition = release(facts, seen(facts), anna)
    if column in {"id", "sha256"}:
        return

    setattr(edition, column, 99 if column.endswith(("_id", "number", "version")) else "other")

    assert not edition.is_intact()


@pytest.mark.parametrize("table", ["consular_event", "consular_approval", "consular_confirmation"])
def test_history_approvals_and_checks_never_change(anna, boris, table):
    facts = facts_changed_by(anna)
    submit(facts, seen(facts), anna)
    approve(facts, seen(facts), boris)
    release(facts, seen(facts), anna)

    column = "checked_on = checked_on - 1" if table == "consular_confirmation" else "version = version + 1"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column}")
    if table != "consular_approval":
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_draft_of_a_notice_takes_its_history_with_it(anna, boris):
    notice = make_notice("Down", NINE + 60 * MINUTE, by=anna)
    submit(notice, seen(notice), anna)

    notice.delete()

    assert not Event.objects.exists()


def test_there_is_one_document_of_facts():
    assert Facts.objects.current() == Facts.objects.current()

    with pytest.raises(IntegrityError, match="consular_one_facts"), transaction.atomic():
        Facts.objects.create(kind="facts", changed_at=NINE)
