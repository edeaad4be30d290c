"""Public holidays, as the package knows them."""

from datetime import date

from django.utils import translation

from embassy.public_holidays import check_countries, holiday_on


def test_holiday_has_a_name_in_the_language_of_the_office_where_there_is_one():
    day = date(2026, 5, 9)
    with translation.override("ru"):
        assert holiday_on(day, "RU") == "День Победы"
        assert holiday_on(date(2026, 12, 25), "GB", "ENG") == "Christmas Day"

    assert holiday_on(day, "RU") == "Victory Day"


def test_working_day_has_no_name():
    assert holiday_on(date(2026, 5, 12), "RU") == holiday_on(date(2026, 5, 12), "GB", "ENG") == ""


def test_holiday_of_a_region_counts_there_only():
    assert holiday_on(date(2026, 4, 6), "GB", "ENG") == "Easter Monday"
    assert holiday_on(date(2026, 4, 6), "GB", "SCT") == ""


def test_country_that_is_not_known_has_no_holidays():
    assert holiday_on(date(2026, 1, 1), "XX") == ""


def test_check_names_what_is_not_known(settings):
    assert check_countries(None) == []
    settings.HOST_REGION = "NOWHERE"
    assert [warning.id for warning in check_countries(None)] == ["embassy.W001"]
    assert "GB-NOWHERE" in check_countries(None)[0].msg
    settings.MISSION_COUNTRY = "XX"
    assert "of XX:" in check_countries(None)[0].msg
