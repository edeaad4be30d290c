"""The demo's pictures: there once, as officers would put them there."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from embassy import demo_officers
from press.demo_files import DOCUMENTS, FOLDER, PICTURES, illustrate
from press.models import Edition, Event, Message
from tests.public_site import DEMO

pytestmark = pytest.mark.django_db


def test_demo_is_illustrated_once_with_an_approval(settings, client):
    settings.FOUR_EYES = True
    call_command("import_messages", DEMO, verbosity=0)
    demo_officers.make()

    assert (illustrate(), illustrate()) == (len(PICTURES), 0)

    message = Message.objects.get(source="demo-2026-11-botanic-gardens-joint-statement")
    edition = Edition.objects.get(message=message, number=2)
    assert (edition.file_count, edition.note, edition.is_intact()) == (3, "", True)
    assert edition.approver == get_user_model().objects.get(username="approver")
    assert [event.what for event in message.events.all()][:2] == [Event.What.CORRECTED, Event.What.APPROVED]
    home = client.get("/").content.decode()
    assert "A glass house with three palms" in home


def test_every_file_of_the_demo_is_used_and_small():
    named = {name for pictures in PICTURES.values() for name, _alt, _caption in pictures}
    named |= {name for name, _title in DOCUMENTS.values()}

    assert {path.name for path in FOLDER.iterdir()} == named
    assert all(path.stat().st_size < 100_000 for path in FOLDER.iterdir())
