"""What is scheduled changes nothing on any public address: on a site that has nothing scheduled, and then much."""

import pytest

from press.acts import Seen
from press.models import Feature, Kind, MessageTopic
from press.withdraw import withdraw
from tests.press.factory import make_correction, make_live, make_topic
from tests.press.test_public import MINUTE, NOON, PUBLIC, seen_by_a_stranger

pytestmark = pytest.mark.django_db


def test_nothing_public_depends_on_what_is_scheduled(client, freeze):
    freeze(NOON - MINUTE)
    culture, hidden = make_topic("culture", "Culture", "Культура"), make_topic("hidden", "Hidden", "Скрытая")
    open_messages = [
        make_live(kind=kind, language=language, slug="open", topics=[culture])
        for language in ("en", "ru")
        for kind in Kind
    ]
    corrected, ended = make_live(slug="corrected"), make_live(slug="ended")
    freeze(NOON)
    withdraw(ended, Seen.of(ended), ended.author, "Why")
    at = freeze(NOON + MINUTE)
    for path in PUBLIC:
        # The first search of a day clears away old counts.
        client.get(path)
    before = {path: seen_by_a_stranger(client, path) for path in PUBLIC}

    for message in (*open_messages, corrected):
        MessageTopic.objects.create(message=message, topic=hidden)
        make_correction(message, at=at + MINUTE, slug="elsewhere", note="Told.")
        make_live(
            kind=message.kind, language=message.language, at=at + MINUTE, by=message.author, topics=[culture, hidden]
        )
        Feature.objects.create(message=ended, starts_at=at, ends_at=at + 9 * MINUTE, set_by=message.author)

    after = {path: seen_by_a_stranger(client, path) for path in PUBLIC}
    assert [path for path in PUBLIC if after[path] != before[path]] == []
