"""What an edition carries: of the working copy at its release, sealed with it, and never changed again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from press.acts import Refused, Seen
from press.content import content_sha256
from press.models import Edition, EditionFile
from press.release import correct, release
from tests.press.factory import change, make_message
from tests.press.uploads_factory import add_attachment, add_photo, make_illustrated, make_picture

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COLUMNS = [field.attname for field in EditionFile._meta.concrete_fields if field.attname != "id"]


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


@pytest.fixture
def edition():
    """A live edition with two pictures and a document."""
    message = make_illustrated()
    return release(message, Seen.of(message), message.author)


def test_edition_carries_what_the_working_copy_has_in_order(edition):
    files = [(file.position, file.role, file.name, file.alt, file.caption) for file in edition.files.all()]

    assert files == [
        (1, "lead", "zleadz", "Zaltz", "Zcaptionz"),
        (2, "picture", "zsecondz", "", "Zanotherz"),
        (3, "attachment", "zprogrammez", "", ""),
    ]
    assert edition.file_count == 3
    assert Edition.objects.get(pk=edition.pk).is_intact()


def test_name_of_a_cyrillic_file_is_transliterated():
    message = make_message()
    add_photo(message, make_picture("Сад у дома.jpg"))

    edition = release(message, Seen.of(message), message.author)

    assert [file.name for file in edition.carried] == ["sad-u-doma"]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "edition_id"])
def test_hash_changes_with_each_column_of_a_file(edition, column):
    file = Edition.objects.get(pk=edition.pk).carried[0]
    edition = Edition.objects.get(pk=edition.pk)
    value = getattr(file, column)
    setattr(edition.carried[0], column, "another" if isinstance(value, str) else (value or 0) + 1)

    assert not edition.is_intact()


def test_hash_changes_with_a_file_that_is_missing(edition):
    edition = Edition.objects.get(pk=edition.pk)
    edition.carried = edition.carried[:2]

    assert not edition.is_intact()


def refused(statement, *values):
    """Whether the database refuses a statement, at once or when it would be committed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("column", COLUMNS)
def test_database_refuses_to_change_a_file_of_an_edition(edition, column):
    assert refused(f"UPDATE press_editionfile SET {column} = {column} WHERE position = 1")


def test_database_refuses_to_delete_files_of_an_edition(edition):
    assert refused("DELETE FROM press_editionfile")
    assert refused("TRUNCATE press_editionfile")


def test_database_refuses_to_delete_one_file_of_a_scheduled_edition():
    message = make_illustrated()
    release(message, Seen.of(message), message.author, NOON + 5 * MINUTE)

    assert refused("DELETE FROM press_editionfile WHERE position = 3")


def copied(position):
    """A statement that gives the edition another file, at a position."""
    columns = [name for name in COLUMNS if name not in {"position", "role"}]
    names = ", ".join(columns)
    return (
        f"INSERT INTO press_editionfile (position, role, {names}) "
        f"SELECT {position}, 'picture', {names} FROM press_editionfile WHERE position = 1"
    )


@pytest.mark.parametrize("position", [0, 2, 4, 5])
def test_database_refuses_another_file_for_an_edition(edition, position):
    assert refused(copied(position))


def test_database_refuses_an_edition_with_fewer_files_than_it_says(edition):
    columns = ", ".join(
        field.attname
        for field in Edition._meta.concrete_fields
        if not field.generated and field.attname not in {"id", "number", "live_from"}
    )

    assert refused(
        f"UPDATE press_edition SET live_until = %s; INSERT INTO press_edition (number, live_from, {columns}) "
        f"SELECT 2, %s, {columns.replace('live_until', 'NULL')} FROM press_edition",
        NOON + MINUTE,
        NOON + MINUTE,
    )


def test_edition_without_files_may_follow(edition):
    message = edition.message
    message.photos.all().delete()
    message.attachments.all().delete()
    change(message, title="Without")

    later = correct(message, Seen.of(message), message.author, NOON + MINUTE)

    assert (later.file_count, later.carried) == (0, [])
    assert not refused("SELECT 1")


def test_stored_file_of_an_edition_is_never_deleted(edition):
    file = edition.carried[0].file_id

    assert refused("DELETE FROM press_photo; DELETE FROM press_storedfile WHERE sha256 = %s", file)


def test_picture_without_alternative_text_is_not_released():
    message = make_message()
    add_photo(message, alt="")

    with pytest.raises(Refused, match="no alternative text"):
        release(message, Seen.of(message), message.author)

    assert not Edition.objects.exists()


def test_files_count_as_content_so_an_approval_covers_them():
    message = make_message()
    hashes = [content_sha256(message)]
    photo = add_photo(message)
    hashes.append(content_sha256(message))
    photo.caption = "Another"
    photo.save()
    hashes.append(content_sha256(message))
    add_attachment(message)
    hashes.append(content_sha256(message))

    assert len(set(hashes)) == 4
