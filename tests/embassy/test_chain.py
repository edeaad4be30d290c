"""The database keeps the chain: by the ORM and by raw SQL, what has been live stays as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from embassy.chain import Act
from press.models import Address, Edition, Kind
from tests.press.factory import make_correction, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# What refuses these columns before the trigger does.
REFUSAL = {"message_id": "edition_address_of_message", "replaced_by_id": "edition_replacement_names_message"}
STORED = [field.attname for field in Edition._meta.concrete_fields if not field.generated]
COLUMNS = [column for column in STORED if column != "live_until"]


def another_value(edition, column):
    """A value for `column` that is not the edition's and that, where possible, only the trigger refuses."""
    field = Edition._meta.get_field(column)
    value = getattr(edition, column)
    if isinstance(field, models.DateTimeField):
        return value - timedelta(seconds=1)
    if isinstance(field, models.DateField):
        return NOON.date() - timedelta(days=1)
    if isinstance(field, models.JSONField):
        return {"signatories": [{"on_behalf_of": "somebody"}]}
    if isinstance(field, models.ForeignKey):
        return another_row(edition, field).pk
    if isinstance(field, models.IntegerField):
        return value + 1000
    return {"act": Act.RELEASE, "language": "ru", "kind": Kind.STATEMENT, "sha256": "0" * 64}.get(column, f"{value}!")


def another_row(edition, field):
    """Another row for a foreign key of the edition."""
    if field.related_model is Address:
        return Address.objects.create(message=edition.message, language="ru", date=NOON.date(), slug="other")
    return make_officer() if field.related_model is User else make_message()


def refused(message=""):
    return pytest.raises(IntegrityError, match=message)


@pytest.fixture
def edition(freeze):
    """A live edition whose moments of publication, update and release differ."""
    freeze(NOON - 2 * MINUTE)
    message = make_live()
    freeze(NOON - MINUTE)
    make_correction(message, note="Told.")
    freeze(NOON)
    return make_correction(message)


@pytest.mark.parametrize("column", COLUMNS)
def test_edition_refuses_a_changed_column_by_the_orm(edition, column):
    value = another_value(edition, column)

    with refused(REFUSAL.get(column, "never changes")), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**{column: value})


@pytest.mark.parametrize("column", COLUMNS)
def test_edition_refuses_a_changed_column_by_raw_sql(edition, column):
    field = Edition._meta.get_field(column)
    value = field.get_db_prep_save(another_value(edition, column), connection)

    with refused(REFUSAL.get(column, "never changes")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE press_edition SET "{column}" = %s WHERE id = %s', [value, edition.pk])


def test_edition_refuses_to_be_saved_again_with_another_text(edition):
    edition.body = "<p>Another text.</p>"

    with refused("never changes"), transaction.atomic():
        edition.save()


def test_edition_that_is_live_cannot_be_deleted(edition):
    with refused("never goes away"), transaction.atomic():
        edition.delete()
    with refused("never goes away"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM press_edition")


def test_edition_can_be_deleted_until_ten_seconds_before_it_goes_live(freeze):
    freeze(NOON)
    message = make_live(at=NOON + MINUTE)

    freeze(NOON + MINUTE - timedelta(seconds=9, microseconds=999_999))
    with refused("never goes away"), transaction.atomic():
        message.editions.get().delete()
    freeze(NOON + MINUTE - timedelta(seconds=10))
    message.editions.get().delete()

    assert not message.editions.exists()


@pytest.mark.parametrize("table", ["press_edition CASCADE", "press_edition, press_address CASCADE"])
def test_editions_cannot_be_truncated(edition, table):
    with refused("never go away"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table}")


def test_end_that_has_passed_cannot_be_moved(freeze):
    freeze(NOON)
    message = make_live()
    freeze(NOON + MINUTE)
    make_correction(message)
    first = message.editions.get(number=1)
    freeze(NOON + 2 * MINUTE)

    for end in (NOON + 3 * MINUTE, NOON + timedelta(seconds=30)):
        with refused("in the past"), transaction.atomic():
            Edition.objects.filter(pk=first.pk).update(live_until=end)


def test_end_cannot_be_set_in_the_past(edition, freeze):
    freeze(NOON + MINUTE)

    with refused("in the past"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(live_until=NOON + timedelta(seconds=1))


def test_end_needs_an_edition_that_begins_there(edition):
    with refused("edition_next"), transaction.atomic(), connection.cursor() as cursor:
        Edition.objects.filter(pk=edition.pk).update(live_until=NOON + MINUTE)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def like(edition, **fields):
    """An unsaved edition like another one but for `fields`."""
    columns = {column: getattr(edition, column) for column in STORED}
    return Edition(**{**columns, "id": None, "number": edition.number + 1, **fields})


def append_like(edition, **fields):
    """Store an edition like the last one but for `fields` behind it."""
    following = like(edition, **{"live_from": NOON + MINUTE, **fields})
    Edition.objects.filter(pk=edition.pk).update(live_until=following.live_from)
    following.save()


def test_second_edition_without_end_is_refused(edition):
    with refused("edition_live_until"), transaction.atomic():
        like(edition, live_from=NOON + MINUTE).save()


def test_second_edition_of_the_same_moment_is_refused(edition):
    with refused("edition_live_from|edition_live_until"), transaction.atomic():
        like(edition).save()


def test_edition_with_the_number_of_another_is_refused(edition):
    with refused("edition_number"), transaction.atomic():
        append_like(edition, number=edition.number, live_from=NOON + MINUTE)


def test_span_that_ends_before_it_begins_is_refused(freeze):
    freeze(NOON)
    scheduled = make_live(at=NOON + MINUTE).editions.get()

    with refused("edition_span"), transaction.atomic():
        Edition.objects.filter(pk=scheduled.pk).update(live_until=NOON + MINUTE)


def test_edition_cannot_begin_in_the_past(edition):
    message = make_message()
    address = Address.objects.create(message=message, language="en", date=NOON.date(), slug="of-yesterday")
    moment = NOON - timedelta(microseconds=1)

    with refused("before it was written"), transaction.atomic():
        like(
            edition,
            message_id=message.pk,
            address_id=address.pk,
            live_from=moment,
            published_at=moment,
            updated_at=moment,
        ).save()


def test_second_scheduled_edition_is_refused(freeze):
    freeze(NOON)
    scheduled = make_live(at=NOON + MINUTE).editions.get()
    with refused("scheduled already"), transaction.atomic():
        append_like(scheduled, live_from=NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("edition_withdrawal_has_no_text", {"act": Act.WITHDRAW, "note": "Why"}),
        ("edition_withdrawal_has_no_text", {"title": ""}),
        ("edition_withdrawal_has_reason", {"act": Act.WITHDRAW, "title": "", "teaser": "", "body": "", "details": {}}),
        (
            "edition_replacement_names_message",
            {"act": Act.REPLACE, "title": "", "teaser": "", "body": "", "details": {}},
        ),
        ("edition_number_from_one", {"number": 0}),
        ("edition_act", {"act": "leak", "title": "", "teaser": "", "body": "", "details": {}}),
        ("edition_kind", {"kind": "rumour"}),
        ("edition_published_before_live", {"published_at": NOON + 2 * MINUTE, "updated_at": NOON + 2 * MINUTE}),
        ("edition_updated_after_published", {"updated_at": NOON - 3 * MINUTE}),
        ("edition_updated_before_live", {"updated_at": NOON + 2 * MINUTE}),
    ],
)
def test_edition_that_makes_no_sense_is_refused(edition, constraint, fields):
    with refused(constraint), transaction.atomic():
        append_like(edition, live_from=NOON + MINUTE, **fields)


def test_edition_with_something_else_than_a_hash_is_refused(edition):
    unsealed = like(edition, live_from=NOON + MINUTE, sha256="F" * 64)

    with refused("edition_sha256"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(live_until=NOON + MINUTE)
        Edition.objects.bulk_create([unsealed])


def test_edition_cannot_take_the_address_of_another_message(edition):
    other = make_live().editions.get()
    with refused("edition_address_of_message"), transaction.atomic():
        append_like(other, live_from=NOON + MINUTE, address_id=edition.address_id)


def test_address_never_changes_and_stays_while_an_edition_has_it(edition):
    with refused("address never changes"), transaction.atomic():
        Address.objects.update(slug="other")
    with pytest.raises(ProtectedError):
        edition.address.delete()
    with refused("foreign key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM press_address")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_address_of_one_language_date_and_slug_exists_once(edition):
    message, taken = make_message(), edition.address

    with refused("address_once"), transaction.atomic():
        Address.objects.create(message=message, language=taken.language, date=taken.date, slug=taken.slug)


def test_message_with_editions_and_people_of_editions_cannot_be_deleted(edition):
    with pytest.raises(ProtectedError):
        edition.message.delete()
    with pytest.raises(ProtectedError):
        edition.releaser.delete()
    for table, key in (("press_message", edition.message_id), ("auth_user", edition.releaser_id)):
        with refused("foreign key"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
