"""The canary: everything of it is a word of its own, and nothing of it stays."""

from datetime import UTC, datetime, timedelta

import pytest

from press.content import FIELDS, PARTS
from press.embargo.canary import Words, plant, planter, remove_all
from press.models import Edition, Kind, Message, Rendition, StoredFile
from press.search_counts import counted_query
from tests.press.factory import make_live
from tests.press.uploads_factory import add_photo, make_picture

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def words(freeze):
    freeze(NOON)
    return Words()


def test_canary_fills_every_field_of_every_kind_in_every_language_with_words_of_its_own(words):
    canary = plant(words, planter())

    editions = Edition.objects.scheduled(NOON)
    assert {(edition.kind, edition.language) for edition in editions} == {
        (kind, code) for kind in Kind for code in ("en", "ru")
    }
    assert {edition.live_from for edition in editions} == {datetime(2026, 5, 12, 12, 1, tzinfo=UTC)} == {canary.moment}
    for message in Message.objects.all():
        assert [name for name in FIELDS if not getattr(message, name)] == []
        for part in PARTS:
            rows = part.read(message)
            # Said to tell nothing, a picture would have no alternative text.
            empty = {name for row in rows for name in part.fields if not row[name]} - {"is_decorative"}
            assert (part.name, bool(rows), empty) == (part.name, True, set())
    assert len(set(words.of.values())) == len(words.of) > 100
    assert {counted_query(word) for word in words.of} == {""}


def test_canary_is_removed_and_others_are_not(words):
    mine = make_live(title="Mine", at=NOON.replace(second=0) + HOUR)
    picture = make_picture()
    add_photo(mine, picture)
    plant(words, planter())

    assert remove_all() == []

    assert list(Message.everything.all()) == [mine]
    assert list(Edition.objects.all()) == [mine.editions.get()]
    assert list(StoredFile.objects.all()) == [picture]
    assert set(Rendition.objects.values_list("file", flat=True)) == {picture.pk}


def test_canary_that_has_gone_live_is_told_and_left(words, freeze):
    canary = plant(words, planter())
    freeze(canary.moment)

    left = remove_all()

    assert len(left) == 6
    assert all("live since 2026-05-12 12:01 UTC. Withdraw it in the office." in sentence for sentence in left)
    assert Edition.objects.live(canary.moment).count() == 6
