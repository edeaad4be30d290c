"""The consular section's pages of the office in Chromium: axe-core finds nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consular.acts import approve, release
from consular.models import Facts, Notice, Phone
from embassy import clock, two_clocks
from embassy.acts import Seen
from tests.accessibility import faults_of
from tests.consular.factory import make_notice, make_office, publish
from tests.consular.test_stale_saves import opened, page_of, save
from tests.press.factory import make_officer

pytest_plugins = ["tests.browser"]
pytestmark = [pytest.mark.browser, pytest.mark.prove]

SAVE = "[name=_save]"


@pytest.fixture
def anna(transactional_db, sign_in, settings):
    settings.FOUR_EYES = True
    officer = make_officer("Approvers", first_name="Anna", last_name="Orlova")
    sign_in(officer)
    return officer


@pytest.fixture
def boris(transactional_db):
    return make_officer("Approvers", first_name="Boris", last_name="Lvov")


def soon(hours):
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


def addresses(anna, boris):
    """Every page of the section, with something on it."""
    office = make_office(hours=[(0, "09:00", "12:30")], closures=[(f"{soon(24 * 7):%Y-%m-%d}", "A holiday")])
    publish()
    Phone.objects.filter(purpose_en="Passports").update(number="+442079460199")
    facts = Facts.objects.current()
    facts.note_change(boris)
    approve(facts, Seen.of(facts), anna)
    live = make_notice("The line is down.", soon(5), by=boris, url="https://example.org/")
    approve(live, Seen.of(live), anna)
    release(live, Seen.of(live), boris)
    draft = make_notice("The road is closed.", soon(9), by=boris)
    section = "admin:consular"
    return {
        "index": reverse("admin:index"),
        "notices": reverse(f"{section}_notice_changelist"),
        "new notice": reverse(f"{section}_notice_add"),
        "live notice": page_of(live),
        "draft of a notice": page_of(draft),
        "end a notice": reverse(f"{section}_notice_end", args=[live.pk]),
        "approve a notice": reverse(f"{section}_notice_approve", args=[draft.pk]),
        "release a notice": reverse(f"{section}_notice_release", args=[draft.pk]),
        "history of a notice": reverse(f"{section}_notice_history", args=[draft.pk]),
        "delete a notice": reverse(f"{section}_notice_delete", args=[draft.pk]),
        "facts": reverse(f"{section}_facts_change", args=[facts.pk]),
        "release the facts": reverse(f"{section}_facts_release", args=[facts.pk]),
        "history of the facts": reverse(f"{section}_facts_history", args=[facts.pk]),
        "offices": reverse(f"{section}_contactinfo_changelist"),
        "new office": reverse(f"{section}_contactinfo_add"),
        "office": page_of(office),
        "history of an office": reverse(f"{section}_contactinfo_history", args=[office.pk]),
        "delete an office": reverse(f"{section}_contactinfo_delete", args=[office.pk]),
        "closed days": reverse(f"{section}_contactinfo_holidays", args=[office.pk]),
    }


def test_pages_are_accessible(page, watch, anna, boris):
    faults = {}
    for name, address in addresses(anna, boris).items():
        page.goto(address)
        refused = watch.errors + watch.violations + watch.foreign
        faults[name] = refused + faults_of(page)
        # axe's own.
        watch.errors, watch.violations = [], []

    assert {name: found for name, found in faults.items() if found} == {}


def test_refused_saves_are_accessible(page, anna, boris):
    notice, office = make_notice("The line is down.", soon(9), by=boris), make_office()
    theirs = Client()
    theirs.force_login(boris)
    faults = {}
    for document, field in ((notice, "text_en"), (office, "name_en")):
        page.goto(page_of(document))
        fields = opened(theirs, document)
        if document == notice:
            fields["ends_at"] = two_clocks.typed(notice.ends_at)
        save(theirs, document, fields | {field: "Theirs"})
        page.fill(f"[name={field}]", "Mine")
        page.click(SAVE)
        page.wait_for_selector("fieldset.clash")
        faults[field] = faults_of(page)
        page.check(f"[name=keep-{field}][value=mine]")
        page.click("button[type=submit].default")
        page.wait_for_selector(SAVE)
        faults[f"{field}, put together"] = faults_of(page)
        page.click(SAVE)
        page.wait_for_selector(".success")

    assert {name: found for name, found in faults.items() if found} == {}
    assert Notice.objects.get().text_en == "Mine"
