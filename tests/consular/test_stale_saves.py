"""A form that was opened before a colleague saved is refused: both texts are shown, and put together."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from consular.models import ContactInfo, Event, Facts, Notice
from tests.consular.factory import add_exception, london, make_notice, make_office
from tests.consular.test_admin_holidays import screen, sent
from tests.locks import wait_until_another_waits_for_us
from tests.press.admin.desk import fields_of
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

NINE = london(2026, 3, 2, 9)


@pytest.fixture(autouse=True)
def nine(freeze):
    freeze(NINE)


def browser(officer):
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def anna():
    return browser(make_officer(first_name="Anna", last_name="Orlova"))


@pytest.fixture
def boris():
    return browser(make_officer(first_name="Boris", last_name="Lvov"))


def plain_office(name="Consular Section", primary=True):
    """An office with a name and little else: its form is quickly shown."""
    return ContactInfo.objects.create(name_en=name, name_ru="Консульский отдел", primary=primary)


def page_of(document):
    section = "notice" if isinstance(document, Notice) else "contactinfo"
    return reverse(f"admin:consular_{section}_change", args=[document.pk])


def opened(client, document):
    """What a browser would send of the opened form if nothing were typed."""
    response = client.get(page_of(document))
    return fields_of(response) | {"opened": response.context["opened"]}


def save(client, document, fields):
    response = client.post(page_of(document), fields)
    assert response.status_code == 302, response.content.decode()


def refused(client, address, fields):
    """Send a form that is too late; returns the page of both texts."""
    response = client.post(address, fields)
    assert response.status_code == 200
    assert response.template_name == "admin/conflict.html"
    return response


def choices(page):
    return {clash.name: choice for clash, choice in page.context["choices"]}


def hidden(page):
    """What a browser sends back of a page of both texts, but for what is chosen."""
    fields = {}
    for name, value in [("seen", page.context["saved"]), *page.context["carried"]]:
        fields.setdefault(name, []).append(value)
    return fields


def put_together(client, address, page, **keep):
    """Choose, and return what a browser would send of the form that opens."""
    response = client.post(address, hidden(page) | {f"keep-{name}": choice for name, choice in keep.items()})
    assert response.context["is_put_together"]
    assert not response.context["errors"]
    return fields_of(response) | {"opened": response.context["opened"]}


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page.content.decode()))


def test_number_that_a_colleague_saved_is_not_silently_overwritten(anna, boris):
    office = make_office("Consular Section")
    mine = theirs = opened(anna, office)
    save(boris, office, theirs | {"phones-1-number": "+442079460199", "name_en": "Theirs"})

    page = refused(anna, page_of(office), mine | {"phones-1-number": "+442079460177", "address_en": "Mine"})

    assert choices(page) == {"name_en": "theirs", "address_en": "mine", "phones": ""}
    text = words(page)
    assert re.search(r"Boris Lvov saved this on .*, after you had opened it, so yours is not saved", text)
    assert "Number: [deleted: +442079460199][inserted: +442079460177]" in text.replace(" ]", "]")
    assert "[deleted: Theirs][inserted: Consular Section]" in text.replace(" ]", "]")
    office.refresh_from_db()
    assert (office.name_en, office.address_en.splitlines()) == ("Theirs", ["27 Larkspur Gate", "London"])
    assert {str(phone.number) for phone in office.phones.all()} >= {"+442079460199"}
    assert [event.by.first_name for event in Facts.objects.current().events.all()] == ["Boris"]


def test_texts_are_put_together_and_saved_on_top_of_what_is_saved_now(anna, boris):
    office = make_office("Consular Section")
    kept = [phone.pk for phone in office.phones.all()]
    mine = theirs = opened(anna, office)
    save(boris, office, theirs | {"phones-1-number": "+442079460199", "name_en": "Theirs"})
    page = refused(anna, page_of(office), mine | {"phones-1-number": "+442079460177", "address_en": "Mine"})
    before = Facts.objects.current().version

    fields = put_together(anna, page_of(office), page, name_en="theirs", address_en="mine", phones="mine")
    assert Facts.objects.current().version == before
    save(anna, office, fields | {"address_ru": "Моё"})

    office.refresh_from_db()
    assert (office.name_en, office.address_en, office.address_ru) == ("Theirs", "Mine", "Моё")
    assert [phone.pk for phone in office.phones.all()] == kept
    assert str(office.phones.get(pk=kept[1]).number) == "+442079460177"
    events = Facts.objects.current().events.all()
    assert [event.by.first_name for event in events if event.what == Event.What.CHANGED] == ["Anna", "Boris"]


@pytest.mark.parametrize(
    ("choice", "purposes"), [("mine", ["Emergency line", "Mine", "Passports"]), ("theirs", ["Passports", "Theirs"])]
)
def test_rows_that_were_added_and_deleted_are_put_together(anna, boris, choice, purposes):
    office = make_office("Consular Section")
    emergency, enquiries, _passports = office.phones.all()
    mine = theirs = opened(anna, office)
    new = {"number": "+442079460188", "purpose_ru": "Новый", "order": "9"}
    rows = {f"phones-3-{name}": value for name, value in new.items()} | {"phones-TOTAL_FORMS": "4"}
    gone = {"phones-0-DELETE": "on", "phones-1-DELETE": "on"}
    save(boris, office, theirs | rows | gone | {"phones-3-purpose_en": "Theirs"})

    page = refused(anna, page_of(office), mine | rows | {"phones-1-DELETE": "on", "phones-3-purpose_en": "Mine"})
    assert choices(page) == {"phones": ""}
    save(anna, office, put_together(anna, page_of(office), page, phones=choice))

    assert sorted(phone.purpose_en for phone in office.phones.all()) == purposes
    assert not office.phones.filter(pk__in=[emergency.pk, enquiries.pk]).exists()


def test_every_field_must_be_chosen_over_what_is_saved_now(anna, boris):
    office = plain_office()
    mine = theirs = opened(anna, office)
    save(boris, office, theirs | {"name_en": "Theirs"})
    page = refused(anna, page_of(office), mine | {"name_en": "Mine", "name_ru": "Моё"})

    page = refused(anna, page_of(office), hidden(page) | {"keep-name_ru": "mine"})
    assert "Choose a text for every field below." in words(page)
    save(boris, office, opened(boris, office) | {"name_en": "Theirs again"})
    page = refused(anna, page_of(office), hidden(page) | {"keep-name_en": "mine", "keep-name_ru": "mine"})

    assert "It has been saved again in the meantime" in words(page)
    assert "Theirs again" in words(page)
    assert ContactInfo.objects.get().name_en == "Theirs again"


def test_office_that_a_colleague_made_primary_is_not_unmade_by_an_old_form(anna, boris):
    first, second = plain_office("First", primary=True), plain_office("Second", primary=False)
    mine = opened(anna, first)
    save(boris, second, opened(boris, second) | {"primary": "on"})

    page = refused(anna, page_of(first), mine | {"name_en": "Mine"})

    assert choices(page) == {"primary": "theirs", "name_en": "mine"}
    assert "Only Boris Lvov changed it." in words(page)
    save(anna, first, put_together(anna, page_of(first), page, primary="theirs", name_en="mine"))
    assert ContactInfo.objects.get(primary=True) == second


def test_form_is_not_refused_for_what_a_colleague_wrote_of_another_office(anna, boris):
    first, second = plain_office("First", primary=True), plain_office("Second", primary=False)
    mine = opened(anna, first)
    save(boris, second, opened(boris, second) | {"name_en": "Renamed"})

    save(anna, first, mine | {"name_en": "Mine"})

    assert {office.name_en for office in ContactInfo.objects.all()} == {"Mine", "Renamed"}


def test_form_that_does_not_say_what_it_was_opened_at_is_not_believed(anna):
    office = plain_office()

    page = refused(anna, page_of(office), opened(anna, office) | {"name_en": "Mine", "opened": "made:up"})

    assert choices(page) == {"name_en": ""}
    assert ContactInfo.objects.get().name_en == "Consular Section"


def test_notice_that_a_colleague_saved_is_not_silently_overwritten(anna, boris):
    notice = make_notice("The line is down.", NINE.replace(hour=18))
    mine = theirs = opened(anna, notice) | {"ends_at": "2026-03-02T18:00"}
    save(boris, notice, theirs | {"ends_at": "2026-03-02T20:00", "text_en": "Theirs.", "level": "urgent"})

    page = refused(anna, page_of(notice), mine | {"text_en": "Mine."})
    assert choices(page) == {"level": "theirs", "text_en": "", "ends_at": "theirs"}
    assert "[deleted: Danger][inserted: Warning]" in words(page).replace(" ]", "]")
    fields = put_together(anna, page_of(notice), page, level="theirs", text_en="mine", ends_at="theirs")
    save(anna, notice, fields)

    notice = Notice.objects.get()
    assert (notice.text_en, notice.level, notice.ends_at) == ("Mine.", "urgent", NINE.replace(hour=20))
    assert (notice.version, notice.changed_by.first_name) == (3, "Anna")


@pytest.mark.parametrize(
    ("keep", "days"),
    [
        ({"20261225": "mine", "20260617": "mine"}, {"2026-12-25": "Mine", "2026-06-17": "Moving, mine"}),
        ({"20261225": "theirs", "20260617": "theirs"}, {"2026-12-25": "Theirs"}),
    ],
)
def test_closed_days_that_a_colleague_decided_are_not_silently_overwritten(anna, boris, keep, days):
    office = make_office()
    add_exception(office, "2026-06-17", "Moving")
    address = screen(office, 2026)
    mine = sent(anna.get(address))
    theirs = {name: value for name, value in mine.items() if name != "20260617-different"}
    christmas = {"20261225-different": "on", "20261225-reason_ru": "Рождество"}
    assert boris.post(address, theirs | christmas | {"20261225-reason_en": "Theirs"}).status_code == 302

    typed = christmas | {"20261225-reason_en": "Mine", "20260617-reason_en": "Moving, mine"}
    page = refused(anna, address, mine | typed)
    assert choices(page) == {"20260617": "", "20261225": ""}
    assert "25 December 2026" in words(page)
    chosen = {f"keep-{name}": choice for name, choice in keep.items()}
    response = anna.post(address, hidden(page) | chosen)
    assert response.context["is_put_together"]
    assert [day.reason_en for day in office.exceptions.all()] == ["Theirs"]
    assert anna.post(address, sent(response)).status_code == 302

    found = {day.date: day.reason_en for day in office.exceptions.all()}
    assert found == {date.fromisoformat(day): reason for day, reason in days.items()}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_time_the_later_one_is_refused(anna, boris):
    notice = make_notice("The line is down.", NINE.replace(hour=18))
    mine = theirs = opened(anna, notice)

    def posted():
        try:
            return anna.post(page_of(notice), mine | {"text_en": "Mine."})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            save(boris, notice, theirs | {"text_en": "Theirs."})
            later = pool.submit(posted)
            wait_until_another_waits_for_us()
        page = later.result()

    assert page.template_name == "admin/conflict.html"
    assert Notice.objects.get().text_en == "Theirs."
