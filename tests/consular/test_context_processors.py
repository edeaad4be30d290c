from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation

from consular.context_processors import ConsularBox, consular
from consular.models import ContactInfo
from tests.consular.factory import london, make_notice, make_office, publish, show_notice

pytestmark = pytest.mark.django_db


NOW = london(2026, 3, 2, 10)
SECOND = timedelta(seconds=1)
MOMENTS = [london(2026, 3, 8, 23, 59, 59), london(2026, 3, 9), london(2026, 3, 23, 23, 59, 59), london(2026, 3, 24)]


@pytest.fixture(autouse=True)
def monday_ten(freeze):
    """It is Monday at ten; what is released was so at nine."""
    freeze(london(2026, 3, 2, 9))


def context(path="/", at=NOW):
    """What the processor gives to a page."""
    request = RequestFactory().get(path)
    with translation.override("en"):
        request.at, request.resolver_match = at, resolve(path)
    return consular(request)


@pytest.fixture
def box():
    return lambda: context()["consular_box"]


def test_consular_box_shows_the_primary_office_in_one_query(box, django_assert_num_queries):
    make_office("Wexcombe", primary=False)
    make_office("Consular Section", hours=[(0, "09:00", "12:30")], closures=[("2026-03-03", "Maslenitsa")])
    publish()

    with django_assert_num_queries(1):
        assert box() == ConsularBox(
            name="Consular Section",
            phone_display="+44 20 7946 0120",
            phone_uri="tel:+442079460120",
            email="consular@example.org",
            email_uri="mailto:consular@example.org",
            status="Open now until 12:30",
            is_open=True,
        )


def test_consular_box_speaks_the_language_of_the_page(box):
    make_office()
    publish()

    with translation.override("ru"):
        assert box().name == "Консульский отдел"


def test_consular_box_never_shows_the_emergency_line(box):
    office = make_office()
    office.phones.filter(is_emergency=False).delete()
    publish()

    assert (box().phone_display, box().phone_uri) == ("", "")


def test_consular_box_of_an_office_without_details_has_its_name(box):
    ContactInfo.objects.create(name_en="Consular Section", name_ru="Консульский отдел", primary=True)
    publish()

    assert box() == ConsularBox(name="Consular Section")


def test_consular_box_is_empty_where_no_office_is_primary(box):
    make_office(primary=False)
    publish()

    assert not box()


def test_consular_box_costs_nothing_where_it_is_not_shown(box, django_assert_num_queries):
    make_office()
    publish()

    with django_assert_num_queries(0):
        box()


def test_consular_box_shows_nothing_that_is_not_released(box, freeze):
    office = make_office()
    publish()
    office.phones.filter(order=2).update(number="+442079460999")
    freeze(london(2026, 3, 2, 9, 30))
    publish(at=london(2026, 3, 2, 10, 1))

    assert box().phone_display == "+44 20 7946 0120"
    assert context(at=london(2026, 3, 2, 10, 1))["consular_box"].phone_display == "+44 20 7946 0999"


def test_notice_is_on_every_page_from_its_minute_until_its_end(django_assert_num_queries):
    make_office()
    publish()
    begins, ends = london(2026, 3, 2, 10), london(2026, 3, 2, 12)
    show_notice(make_notice("The line is down", ends, url="https://example.org/more/"), begins)

    for path in ("/", "/consular/", "/messages/", "/privacy/"):
        with django_assert_num_queries(1):
            found = context(path)
            assert found["consular_box"]
            assert (found["notice"].level, found["notice"].text) == ("warning", "The line is down")
            assert found["notice"].url == "https://example.org/more/"
    assert not context(at=begins - SECOND)["notice"]
    assert context(at=ends - SECOND)["notice"]
    assert not context(at=ends)["notice"]


def test_notice_speaks_the_language_of_the_page():
    show_notice(make_notice("Down", london(2026, 3, 2, 12)))

    with translation.override("ru"):
        assert context()["notice"].text == "Down по-русски"


def test_notice_that_is_no_more_than_a_draft_is_on_no_page():
    make_notice("Draft", london(2026, 3, 2, 12))

    assert not context()["notice"]


def test_of_several_notices_the_gravest_is_shown_and_of_those_the_last(freeze):
    end = london(2026, 3, 3)
    for minute, level, text in [(1, "urgent", "First"), (2, "urgent", "Second"), (3, "information", "Third")]:
        freeze(london(2026, 3, 2, 9, minute))
        show_notice(make_notice(text, end, level))

    assert context()["notice"].text == "Second"


def test_home_tells_of_closed_days_two_weeks_before_and_ends_with_the_emergency_line():
    make_office(
        closures=[("2026-03-09", "Women’s Day"), ("2026-03-16", "Moving"), ("2026-03-17", "Too far")],
        others=[("2026-03-10", "10:00–12:00", "Training")],
    )
    publish()

    notice = context("/")["notice"]

    assert (notice.level, notice.phone["uri"]) == ("closure", "tel:+442079460911")
    assert notice.text == (
        "Consular Section: Closed on 9 March (Women’s Day), 16 March (Moving). "
        "Other hours on 10 March: 10:00–12:00 (Training)."
    )
    assert not context("/messages/")["notice"]


def test_closed_day_is_told_of_from_fourteen_days_before_until_its_midnight():
    make_office(closures=[("2026-03-23", "Moving")])
    publish()

    told = [bool(context("/", at)["notice"]) for at in MOMENTS]

    assert told == [False, True, True, False]


def test_urgent_notice_goes_before_closed_days():
    make_office(closures=[("2026-03-09", "Women’s Day")])
    publish()
    show_notice(make_notice("Down", london(2026, 3, 2, 12), "information"))

    assert context("/")["notice"].text == "Down"
