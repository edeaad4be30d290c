import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.urls import reverse

from consular.models import ContactInfo
from tests.consular.factory import make_office

pytestmark = pytest.mark.django_db

ADD = "/admin/consular/contactinfo/add/"
OFFICE = {
    "kind": "consular-section",
    "name_en": "Consular Section",
    "name_ru": "Консульский отдел",
    "address_en": "",
    "address_ru": "",
    "languages": "ru, EN",
}
SERVICE = {
    "name_en": "Passport",
    "name_ru": "Паспорт",
    "documents_en": "",
    "documents_ru": "",
    "fee": "85",
    "currency": "gbp",
    "time_en": "",
    "time_ru": "",
    "booking_url": "",
    "order": "0",
}
PHONE = {"number": "020 7946 0120", "purpose_en": "Enquiries", "purpose_ru": "Справки", "order": "0"}
EMAIL = {"address": "consular@example.org", "purpose_en": "Enquiries", "purpose_ru": "Справки", "order": "0"}


@pytest.fixture
def officer(client):
    client.force_login(get_user_model().objects.create_superuser("officer"))
    return client


def hours(weekday, opens, closes, **more):
    return {"channel": "0", "weekday": str(weekday), "opens": opens, "closes": closes, **more}


def closure(date, hours="", channel=""):
    return {"date": date, "hours": hours, "channel": channel, "reason_en": "Christmas Day", "reason_ru": "Рождество"}


def form(office=OFFICE, stored=0, **inlines):
    """What the browser posts; of the rows of `hours` the first `stored` are in the database already."""
    data = dict(office)
    for prefix in ("phones", "emails", "hours", "exceptions", "services"):
        rows = inlines.get(prefix, [])
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": stored if prefix == "hours" else 0}
        for number, row in enumerate(rows):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def errors(response):
    """The messages of a refused form by inline and field."""
    assert response.status_code == 200
    found = {name: list(messages) for name, messages in response.context["adminform"].errors.items()}
    for formset in response.context["inline_admin_formsets"]:
        for single in formset.formset.forms:
            found |= {f"{single.prefix}-{name}": list(messages) for name, messages in single.errors.items()}
    return found


def change(office):
    return reverse("admin:consular_contactinfo_change", args=[office.pk])


def sent_to(client, office, data):
    """Open the form of `office` as `client`, and send `data` with what it said when it was opened."""
    opened = client.get(change(office)).context["opened"]
    return client.post(change(office), data | {"opened": opened})


def stored_rows(office, *rows):
    """Rows of hours that stand for the stored ones, in their order, with what is entered now."""
    return [row | {"id": span.pk, "contact": office.pk} for span, row in zip(office.hours.all(), rows, strict=True)]


def test_office_is_entered_on_one_form(officer):
    response = officer.post(
        ADD,
        form(
            phones=[PHONE],
            emails=[EMAIL],
            hours=[hours(0, "09:00", "12:30"), hours(0, "12:30", "17:00")],
            exceptions=[closure("2026-12-25"), closure("2026-12-24", "9:00-11:30", "0")],
            services=[SERVICE],
        ),
    )

    assert response.status_code == 302
    office = ContactInfo.objects.get()
    assert str(office.phones.get()) == "Enquiries: +44 20 7946 0120"
    assert str(office.emails.get()) == "Enquiries: consular@example.org"
    assert [str(span) for span in office.hours.all()] == ["Monday 09:00–12:30", "Monday 12:30–17:00"]
    assert [(str(day), day.hours) for day in office.exceptions.all()] == [
        ("24.12.2026 Christmas Day", "09:00–11:30"),
        ("25.12.2026 Christmas Day", ""),
    ]
    assert str(office.services.get()) == "Passport"
    assert office.languages == ["ru", "en"]
    assert not office.primary


def test_office_that_becomes_primary_takes_it_from_the_other(officer):
    first, second = make_office("First", primary=True), make_office("Second", primary=False)

    response = sent_to(officer, second, form(OFFICE | {"name_en": "Second", "primary": "on"}))

    assert list(ContactInfo.objects.filter(primary=True)) == [second]
    told = officer.get(response.url).context["messages"]
    assert "“First” is no longer primary." in [str(message) for message in told]
    assert LogEntry.objects.get(object_id=str(first.pk)).get_change_message() == "No longer primary."


def test_office_that_is_primary_is_saved_again(officer):
    office = make_office(primary=True)

    sent_to(officer, office, form(OFFICE | {"name_en": "Renamed", "primary": "on"}))

    office.refresh_from_db()
    assert (office.name_en, office.primary) == ("Renamed", True)
    assert LogEntry.objects.filter(object_id=str(office.pk)).count() == 1


@pytest.mark.parametrize(
    ("inlines", "expected"),
    [
        (
            {"hours": [hours(0, "09:00", "12:30"), hours(1, "09:00", "10:00"), hours(0, "12:00", "14:00")]},
            {"hours-2-opens": ["This overlaps other hours of the same day: Monday 09:00–12:30."]},
        ),
        (
            {"hours": [hours(0, "12:00", "14:00"), hours(0, "09:00", "12:30")]},
            {"hours-0-opens": ["This overlaps other hours of the same day: Monday 09:00–12:30."]},
        ),
        (
            {"hours": [hours(0, "09:00", "09:00")]},
            {"hours-0-closes": ["An office closes after it opens, on the same day."]},
        ),
        ({"hours": [hours(0, "", "12:00")]}, {"hours-0-opens": ["This field is required."]}),
        (
            {"phones": [PHONE | {"note_en": "Mornings only"}]},
            {"phones-0-note_ru": ["Give this in every language."]},
        ),
        ({"phones": [PHONE | {"purpose_ru": ""}]}, {"phones-0-purpose_ru": ["This field is required."]}),
        (
            {"emails": [EMAIL | {"address": "consular at example"}]},
            {"emails-0-address": ["Enter a valid email address."]},
        ),
        ({"exceptions": [closure("2026-02-30")]}, {"exceptions-0-date": ["Enter a valid date."]}),
        (
            {"exceptions": [closure("2026-12-24", "from ten")]},
            {"exceptions-0-hours": ["Write hours as 10:00–13:00, and a comma between two spans."]},
        ),
        (
            {"phones": [PHONE | {"is_emergency": "on", "note_en": "For all", "note_ru": "Для всех"}]},
            {"phones-0-not_for_en": ["Callers of an emergency line must know who it is for and what it is not for."]},
        ),
        (
            {"services": [SERVICE | {"booking_url": "http://example.org/", "appointment": "on"}]},
            {"services-0-booking_url": ["Enter a valid URL."]},
        ),
        (
            {"services": [SERVICE | {"currency": ""}]},
            {"services-0-__all__": ["A fee needs its currency, in three letters such as GBP."]},
        ),
    ],
)
def test_office_is_refused_at_the_field(officer, inlines, expected):
    response = officer.post(ADD, form(**inlines))

    assert errors(response) == expected
    assert not ContactInfo.objects.exists()


@pytest.mark.parametrize("number", ["12345", "020 7946 01", "javascript:alert(1)"])
def test_phone_that_cannot_be_dialled_is_refused_at_the_field(officer, number):
    found = errors(officer.post(ADD, form(phones=[PHONE | {"number": number}])))

    assert list(found) == ["phones-0-number"]
    assert found["phones-0-number"][0].startswith("Enter a valid phone number")


def test_closures_of_one_day_are_refused(officer):
    response = officer.post(ADD, form(exceptions=[closure("2026-12-25"), closure("2026-12-25")]))

    assert response.status_code == 200
    assert not ContactInfo.objects.exists()


def test_hours_are_judged_by_what_is_entered_not_by_what_is_stored(officer):
    office = make_office(primary=False, hours=[(0, "09:00", "12:00"), (1, "10:00", "13:00")])
    rows = stored_rows(office, hours(1, "10:30", "12:30"), hours(0, "09:30", "11:30"))

    response = sent_to(officer, office, form(hours=rows, stored=2))

    assert response.status_code == 302
    assert [str(span) for span in office.hours.all()] == ["Monday 09:30–11:30", "Tuesday 10:30–12:30"]


def test_hours_that_are_deleted_make_room(officer):
    office = make_office(primary=False, hours=[(0, "09:00", "12:00")])
    rows = stored_rows(office, hours(0, "09:00", "12:00", DELETE="on"))

    response = sent_to(officer, office, form(hours=[*rows, hours(0, "10:00", "13:00")], stored=1))

    assert response.status_code == 302
    assert [str(span) for span in office.hours.all()] == ["Monday 10:00–13:00"]


def test_stored_hours_are_compared_with_new_ones(officer):
    office = make_office(primary=False, hours=[(0, "09:00", "12:00")])
    rows = stored_rows(office, hours(0, "09:00", "12:00"))

    response = sent_to(officer, office, form(hours=[*rows, hours(0, "11:00", "13:00")], stored=1))

    assert errors(response) == {"hours-1-opens": ["This overlaps other hours of the same day: Monday 09:00–12:00."]}


def test_hours_and_dates_are_shown_as_the_browser_wants_them(officer):
    office = make_office(hours=[(0, "09:00", "12:00")], closures=[("2026-12-25", "Christmas Day")])

    html = officer.get(change(office)).content.decode()

    assert '<input type="time" name="hours-0-opens" value="09:00"' in html
    assert '<input type="date" name="exceptions-0-date" value="2026-12-25"' in html


def test_offices_need_the_right_to_change_them(client):
    client.force_login(get_user_model().objects.create_user("guest", is_staff=True))

    assert client.get(change(make_office())).status_code == 403
    assert client.get(ADD).status_code == 403
