import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from consular.models import ContactInfo, EmailAddress, ExceptionalDay, Phone


def test_text_that_one_language_lacks_is_asked_for_there():
    phone = Phone(purpose_en="Enquiries", purpose_ru="Справки", note_en="", note_ru="Только утром")

    with pytest.raises(ValidationError) as caught:
        phone.clean()

    assert caught.value.message_dict == {"note_en": ["Give this in every language."]}


def test_text_that_every_language_lacks_is_accepted():
    Phone(purpose_en="Enquiries", purpose_ru="Справки").clean()


def test_text_is_read_in_the_active_language():
    closure = ExceptionalDay(reason_en="Christmas Day", reason_ru="Рождество")

    assert closure.reason == "Christmas Day"
    with translation.override("ru"):
        assert closure.reason == "Рождество"


@pytest.mark.parametrize("model", [ContactInfo, Phone, EmailAddress, ExceptionalDay])
def test_check_passes_with_the_languages_of_the_site(model):
    assert [error for error in model.check() if error.id == "consular.E001"] == []


def test_check_names_the_columns_that_a_new_language_needs(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]

    errors = [error.msg for error in ContactInfo.check(databases=[]) if error.id == "consular.E001"]

    assert errors == [
        f"ContactInfo has no field '{name}_fr', but LANGUAGES has its language."
        for name in ("name", "address", "way_in", "access", "transport", "before", "can", "cannot")
    ]
