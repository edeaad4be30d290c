"""The demo command: everything once, and never in a production database by accident."""

import re
import stat
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from consular.models import ContactInfo
from consular.offices import published
from embassy import clock
from embassy.management.commands import demo
from press.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_content(monkeypatch, settings, tmp_path):
    """A checkout's demo with the first three messages only."""
    lines = demo.CONTENT.read_text().splitlines(keepends=True)[:3]
    (tmp_path / "messages.jsonl").write_text("".join(lines))
    monkeypatch.setattr(demo, "CONTENT", tmp_path / "messages.jsonl")
    settings.LOCAL = True
    settings.LOCAL_DIR = tmp_path / "local"
    return tmp_path


def run_demo(**options):
    """Run the command; return what it printed."""
    out = StringIO()
    call_command("demo", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def passwords(printed):
    return dict(re.findall(r"^Demo officer (\w+), password (\S+)$", printed, re.MULTILINE))


def test_demo_loads_messages_and_contacts():
    run_demo()

    assert Edition.objects.count() == 3
    office = ContactInfo.objects.get(primary=True)
    assert office.address_owner.username == "officer"
    assert {phone.owner.username for phone in office.phones.all()} == {"officer"}
    assert published(clock.now()).primary.name == office.name


def test_demo_makes_officers_who_can_sign_in(rf):
    printed = passwords(run_demo())

    assert list(printed) == ["officer", "approver", "administrator"]
    users = [authenticate(rf.post("/"), username=name, password=password) for name, password in printed.items()]
    groups = [list(user.groups.values_list("name", flat=True)) for user in users]
    assert groups == [["Officers"], ["Approvers"], []]
    assert [user.is_superuser for user in users] == [False, False, True]
    assert all(user.is_staff for user in users)


def test_demo_keeps_the_passwords_for_their_owners_eyes(settings):
    settings.LOCAL_DIR.mkdir()
    file = settings.LOCAL_DIR / "officers.txt"
    file.write_text("somebody else\n")
    file.chmod(0o644)

    printed = passwords(run_demo())

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = dict(line.split() for line in file.read_text().splitlines())
    assert kept == {"somebody": "else", **printed}


def test_demo_does_nothing_the_second_time(settings):
    run_demo()
    kept = (settings.LOCAL_DIR / "officers.txt").read_text()
    ContactInfo.objects.update(address_en="Moved")
    User.objects.filter(username="officer").update(is_active=False)

    printed = run_demo()

    assert passwords(printed) == {}
    assert (settings.LOCAL_DIR / "officers.txt").read_text() == kept
    assert Edition.objects.count() == 3
    assert set(ContactInfo.objects.values_list("address_en", flat=True)) == {"Moved"}
    assert not User.objects.get(username="officer").is_active


def test_demo_gives_every_officer_another_password():
    assert len(set(passwords(run_demo()).values())) == 3


def test_demo_says_so_where_nothing_can_be_written(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.LOCAL_DIR = tmp_path / "file"

    printed = run_demo()

    assert "they are nowhere else" in printed
    assert len(passwords(printed)) == 3


def test_demo_refuses_a_production_database(settings):
    settings.LOCAL = False

    with pytest.raises(CommandError, match="--yes"):
        run_demo()

    assert not User.objects.exists()
    assert not Edition.objects.exists()


def test_demo_obeys_yes_in_production(settings):
    settings.LOCAL = False

    printed = run_demo(yes=True)

    assert Edition.objects.count() == 3
    assert len(passwords(printed)) == 3
