import pytest
from django.utils import translation

from press.models.address import message_at
from tests.press.factory import make_live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("active", ["en", "ru"])
def test_message_is_found_by_its_address_whatever_language_the_officer_reads(language, active):
    message = make_live(title="Запись на приём", language=language)
    url = message.editions.get().get_absolute_url()

    with translation.override(active):
        found = message_at(f" https://press.example.org{url} ")

    assert found == message


@pytest.mark.parametrize(
    "address", ["", "/", "/ru/", "/messages/2026/05/12/unknown/", "/messages/2026/02/30/x/", "https://[", "/nothing/"]
)
def test_no_message_is_found_at_another_address(address):
    assert message_at(address) is None
