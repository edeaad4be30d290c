"""Two officers at once: on two real connections, the later one waits and then sees what was done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from consular.acts import release, sign_off
from consular.admin.offices import watched
from consular.freshness import remind_owners
from consular.models import BrokenGlass, ConsularEdition, ContactInfo, Facts, Phone
from embassy import clock, mail
from embassy.acts import Refused, Seen
from tests.consular.factory import make_office, publish
from tests.locks import wait_until_another_waits_for_us
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act, *arguments):
    """What comes of an act on a connection of its own: what it returns, or the refusal."""
    try:
        return act(*arguments)
    except Refused as refusal:
        return refusal
    finally:
        connection.close()


def at_once(first, second):
    """Do `first` (an act and its arguments) and, before it is committed, `second`; return both outcomes."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first[0](*first[1:])
            other = pool.submit(outcome, *second)
            wait_until_another_waits_for_us()
        return done, other.result()


def make_primary(office):
    """What the admin does in one request."""
    with transaction.atomic():
        ContactInfo.objects.yield_primary(office)
        ContactInfo.objects.filter(pk=office.pk).update(primary=True)


def save_office(officer, field, text):
    """What the admin does when a form comes in."""
    with watched(SimpleNamespace(method="POST", user=officer)):
        ContactInfo.objects.update(**{field: text})


def test_two_offices_made_primary_at_once_leave_the_later_one():
    make_office(primary=True)
    second, third = make_office(primary=False), make_office(primary=False)

    at_once((make_primary, second), (make_primary, third))

    assert list(ContactInfo.objects.filter(primary=True)) == [third]


def test_two_who_save_at_once_are_both_told_of_and_the_later_one_was_the_last():
    make_office()
    anna, boris = make_officer(), make_officer()
    before = Facts.objects.current().version

    at_once((save_office, anna, "name_en", "A"), (save_office, boris, "address_en", "B"))

    facts = Facts.objects.current()
    assert (facts.version, facts.changed_by) == (before + 2, boris)
    assert [event.by for event in facts.events.all()] == [boris, anna]


def test_who_saves_the_same_at_once_changes_nothing():
    make_office()
    anna, boris = make_officer(), make_officer()

    at_once((save_office, anna, "name_en", "A"), (save_office, boris, "name_en", "A"))

    assert Facts.objects.current().changed_by == anna


def test_two_releases_at_once_make_one_edition():
    make_office()
    facts, officer = Facts.objects.current(), make_officer()
    seen = Seen.of(facts)

    edition, refusal = at_once((release, facts, seen, officer), (release, facts, seen, officer))

    assert isinstance(refusal, Refused)
    assert list(ConsularEdition.objects.all()) == [edition]


def test_two_who_sign_off_at_once_sign_once():
    facts = Facts.objects.current()
    glass = BrokenGlass.objects.create(
        document=facts, version=1, reason="The line is dead.", by=make_officer(), at=clock.now()
    )
    anna, boris = make_officer("Approvers"), make_officer("Approvers")

    _glass, refusal = at_once((sign_off, glass, anna), (sign_off, glass, boris))

    assert isinstance(refusal, Refused)
    assert BrokenGlass.objects.get().signed_off_by == anna


def test_owners_are_mailed_once_though_two_sign_in_at_once(monkeypatch):
    sent = []
    monkeypatch.setattr(mail, "send", sent.append)
    make_office()
    Phone.objects.update(owner=make_officer(email="anna@example.org"))
    publish()
    later = clock.now() + timedelta(days=200)

    assert at_once((remind_owners, later), (remind_owners, later)) == (1, 0)
    assert [message.to for message in sent] == [["anna@example.org"]]
