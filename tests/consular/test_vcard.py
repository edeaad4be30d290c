import pytest
import vobject

from tests.consular.factory import london, make_office, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(client, freeze):
    """Releases the facts and reads the office's card."""

    def get(office, prefix=""):
        freeze(london(2026, 3, 2, 9))
        publish()
        response = client.get(f"{prefix}/consular/office-{office.pk}.vcf")
        assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
        assert response.headers["Content-Disposition"] == f'attachment; filename="consular-{office.pk}.vcf"'
        return vobject.readOne(response.content.decode())

    return get


def test_card_holds_every_way_to_reach_the_office_the_emergency_line_last(card):
    read = card(make_office("Consular; Section, London"))

    assert (read.fn.value, read.org.value) == ("Consular; Section, London", ["Consular; Section, London"])
    assert [phone.value for phone in read.tel_list] == ["+442079460120", "+442079460124", "+442079460911"]
    assert [email.value for email in read.email_list] == ["consular@example.org", "appointments@example.org"]
    assert read.adr.value.street == "27 Larkspur Gate, London"
    assert read.url.value == "https://press.example.org/consular/"
    labels = {label.group: label.value for label in read.contents["x-ablabel"]}
    assert [labels[phone.group] for phone in read.tel_list] == ["Enquiries", "Passports", "Emergency line"]
    assert len(labels) == 5


def test_card_speaks_russian_at_the_russian_address(card):
    read = card(make_office(), "/ru")

    assert read.fn.value == "Консульский отдел"
    assert read.url.value == "https://press.example.org/ru/consular/"
