"""Facts that grow old: who is told, and how often."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from consular.freshness import facts_at, remind_owners, stale_facts
from consular.models import Confirmation
from embassy import mail as outbox
from tests.consular.factory import london, make_office, publish
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

NINE = london(2026, 3, 2, 9)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def released(freeze, settings, monkeypatch):
    """Facts are old after 90 days; mails go out at once."""
    settings.CHECK_AFTER_DAYS = 90
    monkeypatch.setattr(outbox, "send", lambda message: message.send())
    freeze(NINE)


@pytest.fixture
def anna():
    return make_officer(email="anna@example.org")


@pytest.fixture
def remind(django_capture_on_commit_callbacks):
    """Reminds the owners some days after the release; returns the mails: (to, lines that begin with a dash)."""

    def after(days):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            count = remind_owners(NINE + days * DAY)
        assert count == len(mail.outbox)
        return [
            (message.to, [line for line in message.body.splitlines() if line.startswith("-")])
            for message in mail.outbox
        ]

    return after


def test_facts_are_what_readers_see_with_owner_and_last_check(anna):
    office = make_office()
    office.phones.filter(order=2).update(owner=anna)
    office.address_owner = anna
    office.save()
    publish()
    office.emails.all().delete()

    found = {fact.value: (fact.what, fact.owner, fact.checked_on) for fact in facts_at(NINE)}

    assert found == {
        "+442079460911": ("phone", None, NINE.date()),
        "+442079460120": ("phone", anna, NINE.date()),
        "+442079460124": ("phone", None, NINE.date()),
        "consular@example.org": ("email", None, NINE.date()),
        "appointments@example.org": ("email", None, NINE.date()),
        "27 Larkspur Gate\nLondon": ("address", anna, NINE.date()),
    }


@pytest.mark.parametrize(("days", "count"), [(90, 0), (91, 6)])
def test_facts_are_stale_after_ninety_days(days, count):
    make_office()
    publish()

    assert len(stale_facts(NINE + days * DAY)) == count


def test_owner_is_mailed_once_a_week_until_the_fact_is_checked(anna, remind):
    make_office().phones.filter(order=2).update(owner=anna)
    publish()
    line = "- Consular Section: +442079460120 (2 March 2026)"

    assert remind(90) == []
    assert remind(91) == [(["anna@example.org"], [line])]
    assert remind(91) == []
    assert remind(97) == []
    assert remind(98) == [(["anna@example.org"], [line])]
    Confirmation.objects.create(what="phone", value="+442079460120", checked_on=(NINE + 99 * DAY).date())
    assert remind(110) == []
    assert remind(99 + 91)[0][0] == ["anna@example.org"]


def test_each_owner_is_mailed_his_own_facts_and_nobody_without_an_address(anna, remind):
    boris, silent = make_officer(email="boris@example.org"), make_officer()
    gone = make_officer(email="gone@example.org", is_active=False)
    office = make_office()
    office.phones.filter(order=1).update(owner=anna)
    office.phones.filter(order=2).update(owner=silent)
    office.phones.filter(order=3).update(owner=gone)
    office.emails.update(owner=boris)
    publish()

    assert sorted((to[0], len(lines)) for to, lines in remind(91)) == [
        ("anna@example.org", 1),
        ("boris@example.org", 2),
    ]


def test_command_mails_and_says_how_many(anna, freeze, capsys, django_capture_on_commit_callbacks):
    make_office().phones.update(owner=anna)
    publish()
    freeze(NINE + 91 * DAY)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("remind_owners")

    assert capsys.readouterr().out == "Mails sent: 1.\n"
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


def test_signing_in_reminds_the_owners(client, anna, freeze, django_capture_on_commit_callbacks):
    make_office().phones.update(owner=anna)
    publish()
    freeze(NINE + 91 * DAY)

    with django_capture_on_commit_callbacks(execute=True):
        client.force_login(make_officer())

    assert [message.to for message in mail.outbox] == [["anna@example.org"]]
