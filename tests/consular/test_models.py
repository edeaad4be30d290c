from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from phonenumber_field.phonenumber import PhoneNumber

from consular.models import Channel, ContactInfo, EmailAddress, ExceptionalDay, OpeningHours, Phone, Service
from tests.consular.factory import add_exception, make_office

pytestmark = pytest.mark.django_db


def check_deferred():
    """Check now what the database would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_contact_info_speaks_the_active_language():
    office = make_office(name="Consular Section")

    with translation.override("ru"):
        assert str(office) == "Консульский отдел"
    with translation.override("en"):
        assert str(office) == "Consular Section"
    with translation.override(None):
        assert str(office) == "Consular Section"


def test_contact_info_has_one_primary():
    make_office(primary=True)
    make_office(primary=False)
    make_office(primary=False)

    with pytest.raises(IntegrityError, match="consular_one_primary"):
        make_office(primary=True)


def test_yield_primary_makes_room_for_another():
    first, second = make_office(primary=True), make_office(primary=False)

    assert ContactInfo.objects.yield_primary(second) == [first]
    assert not ContactInfo.objects.filter(primary=True).exists()


def test_yield_primary_leaves_the_one_that_asks():
    office = make_office(primary=True)

    assert ContactInfo.objects.yield_primary(office) == []
    assert ContactInfo.objects.get(primary=True) == office


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "constraint"),
    [
        (0, "09:00", "09:00", "consular_hours_order"),
        (0, "09:00", "08:59", "consular_hours_order"),
        (0, "22:00", "02:00", "consular_hours_order"),
        (7, "09:00", "10:00", "consular_hours_weekday"),
        (-1, "09:00", "10:00", "weekday"),
        (0, "09:00:30", "10:00", "consular_hours_minutes"),
        (0, "09:00", "10:00:30", "consular_hours_minutes"),
    ],
)
def test_opening_hours_that_are_no_span_are_refused(weekday, opens, closes, constraint):
    office = make_office()

    with pytest.raises(IntegrityError, match=constraint):
        office.hours.create(weekday=weekday, opens=opens, closes=closes)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("09:00", "12:30"),  # the same
        ("10:00", "11:00"),  # within
        ("08:00", "13:00"),  # around
        ("08:00", "09:01"),  # into its first minute
        ("12:29", "14:00"),  # from its last minute
        ("09:00", "09:01"),
        ("00:00", "23:59"),
    ],
)
def test_opening_hours_that_overlap_are_refused(opens, closes):
    office = make_office(hours=[(0, "09:00", "12:30")])
    office.hours.create(weekday=0, opens=opens, closes=closes)

    with pytest.raises(IntegrityError, match="consular_hours_apart"):
        check_deferred()


def test_opening_hours_that_come_to_overlap_are_refused():
    office = make_office(hours=[(0, "09:00", "12:30"), (0, "14:00", "17:00")])
    office.hours.filter(opens="14:00").update(opens="12:00")

    with pytest.raises(IntegrityError, match="consular_hours_apart"):
        check_deferred()


def test_opening_hours_that_do_not_overlap_are_kept():
    office = make_office(hours=[(0, "09:00", "12:30"), (0, "12:30", "17:00"), (0, "00:00", "09:00")])
    make_office(primary=False, hours=[(0, "09:00", "12:30")])
    for weekday in range(1, 7):
        office.hours.create(weekday=weekday, opens="00:00", closes="23:59")

    check_deferred()

    assert office.hours.count() == 9


def test_opening_hours_can_be_exchanged_in_one_transaction():
    office = make_office(hours=[(0, "09:00", "12:00"), (1, "10:00", "13:00")])
    monday, tuesday = office.hours.all()

    with transaction.atomic():
        monday.weekday, tuesday.weekday = 1, 0
        monday.opens = "12:00"
        monday.closes = "14:00"
        monday.save()
        tuesday.save()
    check_deferred()

    assert [(hours.weekday, hours.opens.hour) for hours in office.hours.all()] == [(0, 10), (1, 12)]


def test_opening_hours_say_at_the_field_that_they_close_too_early():
    with pytest.raises(ValidationError) as caught:
        OpeningHours(weekday=0, opens=time(12), closes=time(9)).clean()

    assert caught.value.message_dict == {"closes": ["An office closes after it opens, on the same day."]}


def test_opening_hours_of_different_channels_may_overlap():
    office = make_office(hours=[(0, "09:00", "12:30")])
    office.hours.create(channel=Channel.TELEPHONE, weekday=0, opens="09:00", closes="12:30")
    check_deferred()

    office.hours.create(channel=Channel.TELEPHONE, weekday=0, opens="12:00", closes="13:00")
    with pytest.raises(IntegrityError, match="consular_hours_apart"):
        check_deferred()


@pytest.mark.parametrize("channel", [None, Channel.COUNTER])
def test_exceptional_day_is_entered_once_for_each_office_and_channel(channel):
    office, other = make_office(), make_office(primary=False)
    for each in (office, other):
        add_exception(each, "2026-12-25", "Christmas Day", channel=channel)
    add_exception(office, "2026-12-25", "Christmas Day", channel=Channel.TELEPHONE)

    with pytest.raises(IntegrityError, match="consular_exception_once"):
        add_exception(office, "2026-12-25", "Again", channel=channel)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("  ", ""),
        ("9:00-12:30", "09:00–12:30"),
        ("14.00 – 16.00; 10:00—13:00", "10:00–13:00, 14:00–16:00"),
        ("10:00-12:00,12:00-13:00", "10:00–12:00, 12:00–13:00"),
    ],
)
def test_exceptional_day_writes_its_hours_as_everybody_does(text, written):
    day = ExceptionalDay(date=date(2026, 12, 24), hours=text, reason_en="Christmas Eve", reason_ru="Сочельник")

    day.clean()

    assert day.hours == written


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("all day", "Write hours as 10:00–13:00, and a comma between two spans."),
        ("10-13", "Write hours as 10:00–13:00, and a comma between two spans."),
        ("10:00–24:00", "There is no such time. Write hours as 10:00–13:00."),
        ("10:61–11:00", "There is no such time. Write hours as 10:00–13:00."),
        ("13:00–10:00", "An office closes after it opens, on the same day."),
        ("10:00–10:00", "An office closes after it opens, on the same day."),
        ("10:00–13:00, 12:59–14:00", "These hours overlap."),
    ],
)
def test_exceptional_day_refuses_hours_that_are_no_spans(text, sentence):
    day = ExceptionalDay(date=date(2026, 12, 24), hours=text, reason_en="Christmas Eve", reason_ru="Сочельник")

    with pytest.raises(ValidationError) as caught:
        day.clean()

    assert caught.value.message_dict == {"hours": [sentence]}


def test_emergency_line_says_who_it_is_for_and_what_it_is_not_for():
    phone = Phone(number="020 7946 0911", purpose_en="Emergency", purpose_ru="Беда", is_emergency=True)

    with pytest.raises(ValidationError) as caught:
        phone.clean()

    assert list(caught.value.message_dict) == ["note_en", "not_for_en"]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"fee": 40}, "consular_service_currency"),
        ({"fee": 40, "currency": "gbp"}, "consular_service_currency"),
        ({"fee": -1, "currency": "GBP"}, "consular_service_currency"),
        ({"booking_url": "https://example.org/"}, "consular_service_booking"),
    ],
)
def test_service_that_says_half_is_refused(fields, constraint):
    office = make_office()

    with pytest.raises(IntegrityError, match=constraint):
        office.services.create(name_en="Passport", name_ru="Паспорт", **fields)


@pytest.mark.parametrize("url", ["http://example.org/", "javascript:alert(1)", "ftp://example.org/"])
def test_service_is_booked_at_a_safe_address_only(url):
    service = Service(name_en="Passport", name_ru="Паспорт", appointment=True, booking_url=url)

    with pytest.raises(ValidationError) as caught:
        service.full_clean(exclude=["contact"])

    assert list(caught.value.message_dict) == ["booking_url"]


@pytest.mark.parametrize(("code", "fits"), [("en", True), ("ru", True), ("xx", False), ("English", False)])
def test_languages_spoken_are_languages(code, fits):
    office = make_office()
    office.languages = [code]

    if fits:
        office.full_clean()
    else:
        with pytest.raises(ValidationError, match="no code of a language"):
            office.full_clean()


def test_phone_is_written_for_people_and_for_machines():
    phone = Phone(number="020 7946 0123", purpose_en="Enquiries", purpose_ru="Справки")

    assert (phone.display, phone.uri) == ("+44 20 7946 0123", "tel:+442079460123")
    assert str(phone) == "Enquiries: +44 20 7946 0123"


@pytest.mark.parametrize("number", ["+441", "12345", "javascript:alert(1)", ""])
def test_phone_that_is_no_number_has_no_link(number):
    assert Phone(number=PhoneNumber(raw_input=number)).uri == ""


@pytest.mark.parametrize(
    "number", ["12345", "020 7946 0123", "+44 20 7946 0123", "tel:+442079460123", "+0442079460", ""]
)
def test_phone_in_another_form_is_refused_by_the_database(number):
    phone = make_office().phones.first()

    with pytest.raises(IntegrityError, match="consular_phone_e164"), connection.cursor() as cursor:
        cursor.execute("UPDATE consular_phone SET number = %s WHERE id = %s", [number, phone.pk])


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("consular+visa@example.org", "mailto:consular+visa@example.org"),
        ("a?bcc=b&c@example.org", "mailto:a%3Fbcc%3Db%26c@example.org"),
    ],
)
def test_email_address_cannot_add_to_its_link(address, uri):
    email = EmailAddress(address=address, purpose_en="Enquiries", purpose_ru="Справки")

    assert email.uri == uri
    email.full_clean(exclude=["contact"])
