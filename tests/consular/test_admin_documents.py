"""The facts and notices in the admin: drafted, approved and released by two officers, as a browser posts it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consular.acts import approve, release
from consular.models import BrokenGlass, Confirmation, ConsularEdition, ContactInfo, Event, Facts, Notice
from consular.offices import published
from embassy.acts import Seen
from tests.consular.factory import london, make_notice, make_office, publish
from tests.consular.test_admin import OFFICE, form, sent_to
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

NINE = london(2026, 3, 2, 9)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def four_eyes(freeze, settings):
    """It is nine in London, and nobody alone releases anything."""
    settings.FOUR_EYES = True
    freeze(NINE)


@pytest.fixture
def anna():
    return make_officer(first_name="Anna", last_name="Orlova")


@pytest.fixture
def boris():
    return make_officer("Approvers", first_name="Boris", last_name="Lvov")


def page(document, name="change"):
    section = "facts" if document.kind == "facts" else "notice"
    return reverse(f"admin:consular_{section}_{name}", args=[document.pk])


def act(client, user, document, name, confirmed="now", **fields):
    """Open an act's page as `user`, and send it."""
    client.force_login(user)
    seen = client.get(page(document, name)).context["seen"]
    return client.post(page(document, name), {"seen": seen, "confirmed": confirmed, **fields}, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def tools(client, document):
    return [str(label) for label, _url in client.get(page(document)).context["tools"]]


def test_number_is_changed_by_two_officers(client, anna, boris):
    office = make_office("Consular Section")
    publish()
    client.force_login(anna)
    posted = form(OFFICE | {"name_en": "Consular Section", "primary": "on", "address_en": "New", "address_ru": "Новый"})
    assert sent_to(client, office, posted).status_code == 302
    facts = Facts.objects.current()

    assert published(NINE).offices[0].facts["address"] == "27 Larkspur Gate\nLondon"
    assert (facts.changed_by, facts.events.first().what) == (anna, Event.What.CHANGED)
    assert tools(client, facts) == ["Submit…", "Release…"]
    changed = {change.where: (change.before, change.after) for change in client.get(page(facts)).context["changes"]}
    assert changed["Consular Section › address in English"] == ("27 Larkspur Gate\nLondon", "New")
    assert told(act(client, anna, facts, "submit")) == ["Submitted for approval."]
    client.force_login(boris)
    assert tools(client, facts) == ["Approve…", "Send back…", "Release…"]
    assert told(act(client, boris, facts, "approve")) == ["Approved."]
    response = act(client, anna, facts, "release", "2026-03-02T09:05+00:00", later="2026-03-02T09:05")
    assert told(response) == ["Scheduled for 2 March 2026 at 09:05 London, 12:05 Moscow."]
    assert published(NINE + 5 * MINUTE).offices[0].facts["address"] == "New"
    assert published(NINE + 4 * MINUTE).offices[0].facts["address"] == "27 Larkspur Gate\nLondon"


def test_saving_what_is_there_already_makes_no_version(client, anna):
    office = ContactInfo.objects.create(name_en="Consular Section", name_ru="Консульский отдел", languages=["ru", "en"])
    before = Facts.objects.current().version
    client.force_login(anna)

    sent_to(client, office, form(OFFICE))

    assert Facts.objects.current().version == before
    sent_to(client, office, form(OFFICE | {"name_en": "Another"}))
    assert Facts.objects.current().version == before + 1


def test_form_that_is_refused_makes_no_version(client, anna):
    office = make_office()
    before = Facts.objects.current().version
    client.force_login(anna)

    sent_to(client, office, form(OFFICE | {"name_en": ""}))

    assert Facts.objects.current().version == before


def test_deleting_an_office_makes_a_version_and_readers_see_it_until_the_release(client, anna):
    office = make_office()
    publish()
    before = Facts.objects.current().version
    client.force_login(anna)

    client.post(reverse("admin:consular_contactinfo_delete", args=[office.pk]), {"post": "yes"})

    assert not ContactInfo.objects.exists()
    assert Facts.objects.current().version == before + 1
    assert published(NINE).offices[0].name == "Consular Section"


def test_release_without_approval_is_refused_on_the_page(client, anna):
    make_office()
    facts = Facts.objects.current()
    facts.note_change(anna)

    response = act(client, anna, facts, "release")

    assert "Nobody has approved this text" in response.context["refused"]
    assert not ConsularEdition.objects.exists()


def test_duty_officer_breaks_the_glass_and_another_signs_off(client, anna, boris):
    make_office()
    facts = Facts.objects.current()
    facts.note_change(anna)
    anna.groups.add(make_officer("Duty officers").groups.get())

    act(client, anna, facts, "release", without_approval="The old line is dead.")

    assert BrokenGlass.objects.get().reason == "The old line is dead."
    client.force_login(boris)
    assert "The old line is dead." in client.get(reverse("admin:index")).content.decode()
    assert told(act(client, boris, facts, "sign_off")) == ["Signed off."]
    client.force_login(boris)
    assert "The old line is dead." not in client.get(reverse("admin:index")).content.decode()


def test_who_changed_the_facts_is_not_offered_to_approve_them(client, boris):
    make_office()
    facts = Facts.objects.current()
    facts.note_change(boris)
    client.force_login(boris)

    assert "Approve…" not in tools(client, facts)
    assert client.get(page(facts, "approve")).status_code == 403


@pytest.mark.parametrize("name", ["change", "release", "approve", "recall", "submit"])
def test_pages_need_rights(client, name):
    make_office()
    client.force_login(make_officer("Duty officers"))

    assert client.get(page(Facts.objects.current(), name)).status_code == 403


def test_list_of_facts_is_the_page_of_the_one_document(client, anna):
    client.force_login(anna)

    response = client.get(reverse("admin:consular_facts_changelist"))

    assert response.url == page(Facts.objects.current())


def test_fact_is_confirmed_with_a_button(client, anna, freeze):
    make_office()
    publish()
    freeze(NINE + timedelta(days=100))
    facts = Facts.objects.current()
    client.force_login(anna)
    assert [stale for _fact, stale in client.get(page(facts)).context["checks"]] == [True] * 6

    for value in ("+442079460120", "+440000000000"):
        client.post(page(facts, "confirm"), {"what": "phone", "value": value})

    assert [stale for _fact, stale in client.get(page(facts)).context["checks"]].count(True) == 5
    check = Confirmation.objects.get(checked_on=(NINE + timedelta(days=100)).date())
    assert (check.value, check.by) == ("+442079460120", anna)


def test_confirming_needs_the_right_and_is_no_link(client, anna):
    make_office()
    publish()
    facts = Facts.objects.current()
    client.force_login(anna)
    client.get(page(facts, "confirm"), {"what": "phone", "value": "+442079460120"})
    client.force_login(make_officer("Duty officers"))

    response = client.post(page(facts, "confirm"), {"what": "phone", "value": "+442079460120"})

    assert response.status_code == 403
    assert not Confirmation.objects.filter(by__isnull=False).exists()


# Notices

ADD = reverse("admin:consular_notice_add")
NOTICE = {
    "level": "urgent",
    "text_en": "The line is down.",
    "text_ru": "Линия не работает.",
    "ends_at": "2026-03-02T18:00",
    "url": "",
}


def test_notice_is_written_approved_and_released(client, anna, boris):
    client.force_login(anna)
    assert client.post(ADD, NOTICE).status_code == 302
    notice = Notice.objects.get()
    assert (notice.changed_by, notice.ends_at, notice.kind) == (anna, london(2026, 3, 2, 18), "notice")
    assert "The line is down." not in client.get("/").content.decode()

    act(client, anna, notice, "submit")
    act(client, boris, notice, "approve")
    shown = {change.where: change.after for change in client.get(page(notice, "release")).context["changes"]}
    assert (shown["level"], shown["ends"]) == ("Danger", "2 March 2026 at 18:00 London, 21:00 Moscow")
    response = act(client, anna, notice, "release")

    assert told(response) == ["Released on 2 March 2026 at 09:00 London, 12:00 Moscow."]
    for path, text in [("/", "The line is down."), ("/ru/messages/", "Линия не работает.")]:
        html = client.get(path).content.decode()
        assert html.index(text) < html.index("<main")
        assert 'class="notice notice-urgent"' in html


def test_notice_without_text_end_or_safe_link_is_refused_at_the_field(client, anna):
    client.force_login(anna)

    response = client.post(ADD, NOTICE | {"text_ru": "", "ends_at": "", "url": "javascript:alert(1)"})

    assert set(response.context["adminform"].errors) == {"text_ru", "ends_at", "url"}
    assert not Notice.objects.exists()


def test_change_of_a_notice_voids_its_approval_and_saving_it_again_does_not(client, anna, boris):
    client.force_login(anna)
    client.post(ADD, NOTICE)
    notice = Notice.objects.get()
    act(client, boris, notice, "approve")
    client.force_login(anna)

    opened = client.get(page(notice)).context["opened"]
    client.post(page(notice), NOTICE | {"opened": opened})
    assert Notice.objects.get().version == 1
    client.post(page(notice), NOTICE | {"text_en": "Otherwise.", "opened": opened})

    assert Notice.objects.get().version == 2
    assert "Nobody has approved" in act(client, anna, notice, "release").context["refused"]
    assert [event.what for event in notice.events.all()] == ["changed", "approved", "changed"]


def test_live_notice_is_ended_from_its_page(client, anna, freeze, settings):
    settings.FOUR_EYES = False
    client.force_login(anna)
    client.post(ADD, NOTICE)
    notice = Notice.objects.get()
    act(client, anna, notice, "release")
    freeze(NINE + MINUTE)
    assert "End now…" in tools(client, notice)

    act(client, anna, notice, "end")

    assert "The line is down." not in client.get("/").content.decode()
    assert not client.get(page(notice)).context["has_delete_permission"]
    assert "Ended on 2 March 2026, 09:01" in client.get(reverse("admin:consular_notice_changelist")).content.decode()


# Lists


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_cost_the_same_for_one_and_for_many(client, anna, boris):
    def another(number):
        make_office(primary=not number)
        notice = make_notice("The line is down.", NINE + 60 * MINUTE, by=anna)
        approve(notice, Seen.of(notice), boris)
        if number % 2:
            release(notice, Seen.of(notice), anna)

    addresses = [reverse(f"admin:consular_{name}_changelist") for name in ("notice", "contactinfo")]
    addresses += [reverse("admin:index")]
    client.force_login(anna)
    Facts.objects.current()
    another(0)
    one = [queries_of(client, address) for address in addresses]

    for number in range(1, 5):
        another(number)

    assert [queries_of(client, address) for address in addresses] == one == [10, 12, 18]
    words = [str(notice.state.words) for notice in client.get(addresses[0]).context["cl"].result_list]
    assert words[0] == f"Draft; approved by {boris.get_full_name()}"
    assert words[1] == "Live since 2 March 2026, 09:00"


# The index page


def test_index_shows_what_is_to_do(client, anna, boris, freeze):
    office = make_office(hours=[(0, "09:00", "12:30")])
    publish()
    Facts.objects.current().note_change(anna)
    notice = make_notice("The line is down.", NINE + timedelta(days=200), by=anna)
    act(client, anna, notice, "submit")
    freeze(NINE + timedelta(days=91))

    client.force_login(boris)
    html = client.get(reverse("admin:index")).content.decode()

    for text in [
        "Consular: waiting for your approval",
        "The line is down.",
        "Consular: not checked for too long",
        "+442079460120",
        "last checked on 2 March 2026; nobody owns it",
        "newer draft",
        "Confirm the closed days of 2026",
        f"/admin/consular/contactinfo/{office.pk}/holidays/?year=2026",
    ]:
        assert text in html


def test_index_of_who_has_nothing_to_do_with_offices_shows_none_of_it(client):
    make_office()
    client.force_login(make_officer("Duty officers"))

    assert "onsular" not in client.get(reverse("admin:index")).content.decode()
