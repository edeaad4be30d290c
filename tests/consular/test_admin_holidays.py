"""The screen on which an officer goes through the holidays of a year."""

from datetime import date

import pytest
from django.urls import reverse

from consular.models import ConfirmedYear, Facts
from consular.suggestions import suggestions
from tests.consular.factory import add_exception, london, make_office
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march(freeze):
    freeze(london(2026, 3, 2, 9))


@pytest.fixture
def officer(client):
    officer = make_officer()
    client.force_login(officer)
    return officer


def screen(office, year=""):
    return reverse("admin:consular_contactinfo_holidays", args=[office.pk]) + (f"?year={year}" if year else "")


def sent(response):
    """What a browser would send back if nothing were touched."""
    data = {"opened": response.context["opened"]}
    for form in response.context["days"]:
        for field in form:
            value = field.value()
            if field.name != "different":
                data[field.html_name] = value or ""
            elif value:
                data[field.html_name] = "on"
    return data


def test_suggestions_are_the_holidays_of_both_countries_in_both_languages():
    found = {each.date: ([str(country) for country in each.of], each.names) for each in suggestions(2026)}

    assert found[date(2026, 12, 25)] == (["host country"], {"en": "Christmas Day", "ru": "Christmas Day"})
    assert found[date(2026, 2, 23)] == (
        ["our country"],
        {"en": "Defender of the Fatherland Day", "ru": "День защитника Отечества"},
    )
    of, names = found[date(2026, 1, 1)]
    assert [str(country) for country in of] == ["host country", "our country"]
    assert names["ru"].startswith("New Year's Day / ")


def test_suggestions_of_one_country_are_not_made_twice(settings):
    settings.MISSION_COUNTRY = settings.HOST_COUNTRY

    assert {len(each.of) for each in suggestions(2026)} == {1}


def test_year_is_confirmed_on_one_screen(client, officer):
    office = make_office()
    page = client.get(screen(office))
    assert page.context["year"] == 2026
    data = sent(page)
    assert "on" not in data.values()

    data |= {"20261225-different": "on", "20261225-reason_ru": "Рождество"}
    data |= {"20260223-different": "on", "20260223-hours": "10:00-12:00"}
    response = client.post(screen(office, 2026), data)

    assert response.status_code == 302
    assert [(day.date, day.hours, day.reason_en, day.reason_ru) for day in office.exceptions.all()] == [
        (date(2026, 2, 23), "10:00–12:00", "Defender of the Fatherland Day", "День защитника Отечества"),
        (date(2026, 12, 25), "", "Christmas Day", "Рождество"),
    ]
    assert (ConfirmedYear.objects.get().year, ConfirmedYear.objects.get().by) == (2026, officer)
    assert Facts.objects.current().changed_by == officer
    assert client.get(screen(office)).context["year"] == 2027


def test_what_was_decided_is_ticked_and_can_be_taken_back(client, officer):
    office = make_office()
    add_exception(office, "2026-12-25", "Christmas Day")
    add_exception(office, "2026-06-17", "Moving")
    data = sent(client.get(screen(office, 2026)))
    assert (data["20261225-different"], data["20260617-different"]) == ("on", "on")

    del data["20261225-different"]
    client.post(screen(office, 2026), data)

    assert [day.reason_en for day in office.exceptions.all()] == ["Moving"]


def test_day_without_a_reason_in_every_language_is_refused_and_nothing_is_kept(client, officer):
    office = make_office()
    data = sent(client.get(screen(office, 2026)))
    data |= {"20261225-different": "on", "20261225-reason_ru": "", "20260223-different": "on"}

    response = client.post(screen(office, 2026), data)

    errors = [form.errors for form in response.context["days"] if form.errors]
    assert errors == [{"reason_ru": ["This field is required."]}]
    assert not office.exceptions.exists()
    assert not ConfirmedYear.objects.exists()


def test_hours_that_are_no_spans_are_refused(client, officer):
    office = make_office()
    data = sent(client.get(screen(office, 2026))) | {"20260223-different": "on", "20260223-hours": "morning"}

    response = client.post(screen(office, 2026), data)

    errors = [form.errors for form in response.context["days"] if form.errors]
    assert errors == [{"hours": ["Write hours as 10:00–13:00, and a comma between two spans."]}]


def test_words_used_before_are_proposed_again(client, officer):
    office = make_office()
    office.exceptions.create(date=date(2025, 12, 25), reason_en="Christmas Day", reason_ru="Рождество (Великобритания)")

    assert sent(client.get(screen(office, 2026)))["20261225-reason_ru"] == "Рождество (Великобритания)"


def test_screen_needs_the_right_to_change_offices(client):
    office = make_office()
    client.force_login(make_officer("Duty officers"))

    assert client.get(screen(office)).status_code == 403


@pytest.mark.parametrize("year", ["1999", "x", "2026'"])
def test_year_that_cannot_be_planned_is_the_first_that_is_not_confirmed(client, officer, year):
    assert client.get(screen(make_office(), year)).context["year"] == 2026
