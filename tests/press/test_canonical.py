from datetime import UTC, date, datetime, timedelta

import pytest

from embassy.chain import Act
from press import canonical
from press.models import Edition, EditionFile, Kind
from tests.press.factory import make_correction, make_live

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
# `search` is made by the database from columns that are in the hash.
OUTSIDE = {"id", "live_until", "sha256", "search"}


def sealed():
    """An edition with every column set, in memory."""
    edition = Edition(
        message_id=1, number=1, act=Act.RELEASE, address_id=2, language="ru", kind=Kind.STATEMENT, title="Заявление",
        teaser="О садах.", body='<p id="p1">Текст & «ещё»</p>', details={"signatories": [{"on_behalf_of": "Сад"}]},
        signed_in="Москва", signed_on=NOON.date(), published_at=NOON, published_on=NOON.date(), updated_at=NOON,
        live_from=NOON, note="", author_id=3, approver_id=4, releaser_id=5, draft_version=6,
    )  # fmt: skip
    edition.carry(
        [
            EditionFile(
                role="lead", file_id="00ff", name="vorota", media_type="image/jpeg", size=999, width=64, height=48,
                alt="Ворота", language="ru",
            )
        ]
    )  # fmt: skip
    edition.seal()
    return edition


def test_edition_of_the_first_version_stays_intact_though_it_knows_no_files():
    edition = sealed()
    edition.carry([])
    edition.canonical_version = 1
    edition.sha256 = canonical.sha256(edition)

    assert edition.is_intact()
    assert b"file" not in canonical.canonical_form(edition)


def test_hash_covers_every_column_but_those_that_cannot_be_in_it():
    columns = {field.attname for field in Edition._meta.concrete_fields}

    assert set(canonical.VERSIONS[canonical.LATEST]) == columns - OUTSIDE | {"files"}


def test_hash_covers_every_column_of_a_file_but_its_edition_and_key():
    columns = {field.attname for field in EditionFile._meta.concrete_fields}

    assert set(canonical.FILE) == columns - {"id", "edition_id"}


def another(value):
    """A value that is not `value`, of a type the column holds."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1
    return {None: 1}.get(value, "another") if not isinstance(value, dict) else {}


@pytest.mark.parametrize(
    "column", [name for name in canonical.VERSIONS[2] if name not in {"canonical_version", "files"}]
)
def test_hash_changes_with_each_column(column):
    edition = sealed()

    setattr(edition, column, another(getattr(edition, column)))

    assert not edition.is_intact()


def test_canonical_form_is_what_its_documentation_says():
    form = canonical.canonical_form(sealed()).decode()

    assert form == (
        '{"act":"release","address_id":2,"approver_id":4,"author_id":3,"body":"<p id=\\"p1\\">Текст & «ещё»</p>",'
        '"canonical_version":2,"details":{"signatories":[{"on_behalf_of":"Сад"}]},"draft_version":6,'
        '"file_count":1,"files":[{"alt":"Ворота","caption":"","credit":"","file_id":"00ff","focal_x":50,"focal_y":50,'
        '"height":48,"is_decorative":false,"language":"ru","media_type":"image/jpeg","name":"vorota","note":"",'
        '"position":1,"role":"lead","size":999,"title":"","width":64}],'
        '"kind":"statement","language":"ru","live_from":"2026-05-12T11:00:00.000000Z","message_id":1,"note":"",'
        '"number":1,"published_at":"2026-05-12T11:00:00.000000Z","published_on":"2026-05-12","releaser_id":5,'
        '"replaced_by_id":null,"signed_in":"Москва","signed_on":"2026-05-12","teaser":"О садах.",'
        '"title":"Заявление","updated_at":"2026-05-12T11:00:00.000000Z"}'
    )


def test_hash_is_the_same_in_another_zone():
    edition = sealed()
    edition.live_from = edition.live_from.astimezone()

    assert edition.is_intact()


@pytest.mark.django_db
def test_stored_editions_are_intact_when_read_again(freeze):
    freeze(NOON + timedelta(microseconds=123_456))
    message = make_live(title="О садах", kind=Kind.STATEMENT, signatories=["Сад", "Library"], signed_on=NOON.date())
    freeze(NOON + timedelta(minutes=1))
    make_correction(message, note="Told.")

    assert [edition.is_intact() for edition in Edition.objects.all()] == [True, True]
