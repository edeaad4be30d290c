import pytest
from django.test import RequestFactory
from django.utils import translation

from consular.context_processors import ConsularBox, consular_box
from consular.models import ContactInfo
from tests.consular.factory import london, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def box():
    request = RequestFactory().get("/")
    request.at = london(2026, 3, 2, 10)
    return lambda: consular_box(request)["consular_box"]


def test_consular_box_shows_the_primary_office_in_one_query(box, django_assert_num_queries):
    make_office("Wexcombe", primary=False)
    make_office("Consular Section", hours=[(0, "09:00", "12:30")], closures=[("2026-03-03", "Maslenitsa")])

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

    with translation.override("ru"):
        assert box().name == "Консульский отдел"


def test_consular_box_never_shows_the_emergency_line(box):
    office = make_office()
    office.phones.filter(is_emergency=False).delete()

    assert (box().phone_display, box().phone_uri) == ("", "")


def test_consular_box_of_an_office_without_details_has_its_name(box):
    ContactInfo.objects.create(name_en="Consular Section", name_ru="Консульский отдел", primary=True)

    assert box() == ConsularBox(name="Consular Section")


def test_consular_box_is_empty_where_no_office_is_primary(box):
    make_office(primary=False)

    assert not box()


def test_consular_box_costs_nothing_where_it_is_not_shown(box, django_assert_num_queries):
    make_office()

    with django_assert_num_queries(0):
        box()
