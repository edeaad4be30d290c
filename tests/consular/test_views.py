import json
from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from consular.models import Channel, Confirmation
from tests.consular.factory import add_exception, london, make_office, publish
from tests.schema_org import vocabulary

pytestmark = pytest.mark.django_db

WEEK = [(0, "09:00", "12:30"), (0, "14:00", "17:00"), (1, "09:00", "12:30")]
# What a page may read of the consular section; the working copy is not among it.
PUBLIC_TABLES = {"consular_consularedition", "consular_confirmation"}


class Main(HTMLParser):
    """Collects the words and the links of the page's main part."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.inside = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside = self.inside or tag == "main"
        if self.inside and tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "main"

    def handle_data(self, data):
        if self.inside and data.strip():
            self.words.append(" ".join(data.split()))


@pytest.fixture(autouse=True)
def monday_nine(freeze):
    """What is released is so on a Monday at nine."""
    return freeze(london(2026, 3, 2, 9))


@pytest.fixture
def page(client, freeze):
    """Releases the facts, gets the page at ten and returns what its main part says."""

    def get(address="/consular/", release=True):
        if release:
            publish()
        freeze(london(2026, 3, 2, 10))
        response = client.get(address)
        assert response.status_code == 200
        return Main(response.content.decode())

    return get


def test_contact_says_how_to_reach_the_office_emergency_first(page):
    office = make_office(hours=WEEK, closures=[("2026-03-09", "Women’s Day")])

    found = page()

    assert found.words == [
        *["Consular section", "In an emergency", "Emergency line", "+44 20 7946 0911"],
        *["For citizens in danger", "Not for visas"],
        *["Consular Section", "Open now until 12:30"],
        *["Telephone", "Enquiries", "+44 20 7946 0120", "Mornings only", "Passports", "+44 20 7946 0124"],
        *["E-mail", "Enquiries", "consular@example.org", "Appointments", "appointments@example.org"],
        *["Address", "27 Larkspur Gate", "London", "Save to your contacts"],
        *["Opening hours", "By local time", "Day", "Counter"],
        *["Monday", "9:00–12:30", "14:00–17:00", "Tuesday", "9:00–12:30", "Wednesday", "Closed"],
        *["Thursday", "Closed", "Friday", "Closed", "Saturday", "Closed", "Sunday", "Closed"],
        *["Closed days and other hours", "Monday, 9 March 2026", ": closed, Women’s Day"],
        "All numbers and addresses were checked on 2 March 2026 or later.",
        *["Closed days for your calendar", "https://press.example.org/consular/"],
    ]
    assert found.links == [
        "tel:+442079460911",
        "tel:+442079460120",
        "tel:+442079460124",
        "mailto:consular@example.org",
        "mailto:appointments@example.org",
        f"/consular/office-{office.pk}.vcf",
        "/consular/closures.ics",
    ]


def whole_office():
    """An office with everything there is to say."""
    office = make_office(hours=WEEK)
    office.languages = ["ru", "fr"]
    for name in ("way_in", "access", "transport", "before", "can", "cannot"):
        setattr(office, f"{name}_en", f"{name} one\n{name} two")
        setattr(office, f"{name}_ru", f"{name} по-русски")
    office.save()
    office.hours.create(channel=Channel.TELEPHONE, weekday=0, opens="11:00", closes="12:00")
    add_exception(office, "2026-03-10", "Training", "10:00–11:00, 12:00–13:00", Channel.TELEPHONE)
    service = {"name_ru": "Услуга", "documents_en": "Form\nPhotograph", "documents_ru": "Анкета"}
    office.services.create(
        name_en="Passport",
        **service,
        fee="85.00",
        currency="GBP",
        time_en="Six weeks",
        time_ru="Шесть недель",
        appointment=True,
        booking_url="https://booking.example.org/?a=1&b=2",
    )
    office.services.create(name_en="Registry", **service, fee="0", appointment=True, order=1)
    office.services.create(name_en="Advice", **service, fee="12.50", currency="EUR", order=2)
    return office


def test_contact_says_all_there_is_to_say(page):
    whole_office()

    found = page()
    text = " ".join(found.words)

    for words in [
        "Telephone : Closed. Opens today at 11:00",
        "Way in way_in one way_in two Accessible entrance access one access two Transport transport one transport two",
        "Languages spoken Russian, French",
        "Counter Telephone Monday 9:00–12:30 14:00–17:00 11:00–12:00",
        "Tuesday, 10 March 2026 : Telephone, 10:00–11:00, 12:00–13:00, Training",
        "Service Documents Fee Time Appointment Passport Form Photograph 85 GBP Six weeks",
        "Six weeks Book an appointment: Passport",
        "Registry Form Photograph free needed",
        "Advice Form Photograph 12.50 EUR not needed",
        "Before you come before one before two",
        "What we can do can one can two",
        "What we cannot do cannot one cannot two",
    ]:
        assert words in text.replace("Telephone:", "Telephone :")
    assert "https://booking.example.org/?a=1&b=2" in found.links


def test_contact_speaks_russian_at_the_russian_address(page):
    make_office(hours=WEEK, closures=[("2026-03-09", "Women’s Day")])

    words = page("/ru/consular/").words

    for text in ["Консульский отдел", "Экстренная связь", "Для граждан в беде", "Только утром", "Ларкспур-Гейт, 27"]:
        assert text in words
    assert [word for word in words if "Women’s Day по-русски" in word]
    assert "Enquiries" not in words


def test_contact_of_an_empty_site_looks_intended(page):
    empty = ["Consular section", "The telephone numbers, the address and the opening hours will be published here."]

    assert page(release=False).words == empty


def test_contact_shows_nothing_that_is_not_released(page, freeze, client):
    office = make_office()
    publish()
    office.phones.filter(order=2).update(number="+442079460999")
    freeze(london(2026, 3, 2, 9, 30))
    publish(at=london(2026, 3, 2, 10, 1))

    assert "+44 20 7946 0999" not in page(release=False).words
    freeze(london(2026, 3, 2, 10, 0, 59))
    assert "0999" not in client.get("/consular/").content.decode()
    freeze(london(2026, 3, 2, 10, 1))
    assert "+44 20 7946 0999" in client.get("/consular/").content.decode()


def test_contact_links_no_number_that_is_not_valid(page):
    office = make_office()
    # Well-formed, and nobody's: London has no such number.
    office.phones.filter(order=2).update(number="+4420794601")

    found = page()

    assert "+44 20794601" in found.words
    assert [link for link in found.links if link.startswith("tel:")] == ["tel:+442079460911", "tel:+442079460124"]


def test_contact_says_of_what_is_old_when_it_was_last_confirmed(page, settings):
    settings.CHECK_AFTER_DAYS = 0
    make_office()
    for value, day in [("+442079460911", 1), ("consular@example.org", 2)]:
        kind = "phone" if "+" in value else "email"
        Confirmation.objects.create(what=kind, value=value, checked_on=date(2026, 3, day))

    words = page().words

    assert [word for word in words if "confirmed" in word] == ["Last confirmed on 1 March 2026."]
    assert words[words.index("Not for visas") + 1] == "Last confirmed on 1 March 2026."


def test_contact_escapes_what_officers_write(page, client):
    make_office(name="</script><script>alert(1)</script>", closures=[("2026-03-09", "<b>")])

    assert ": closed, <b>" in page().words
    assert "<script>alert" not in client.get("/consular/").content.decode()


def test_contact_tells_the_frame_where_it_is(client):
    context = client.get("/consular/").context

    assert context["section"] == "consular"
    assert context["breadcrumbs"] == [{"label": "Home", "url": "/"}, {"label": "Consular section", "url": ""}]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("path", ["", "closures.ics", "status.json"])
def test_public_addresses_need_two_queries_however_many_offices(client, path, count):
    for number in range(count):
        make_office(primary=number == 0, hours=WEEK, closures=[("2026-03-09", "Women’s Day")])
    publish()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/consular/{path}").status_code == 200

    # The facts and, on a page, the frame's.
    assert len(queries) == (1 if path else 2)
    tables = {table for query in queries for table in query["sql"].split('"') if table.startswith("consular_")}
    assert tables <= PUBLIC_TABLES


def test_contact_refuses_what_is_not_reading(client):
    assert client.post("/consular/").status_code == 405


def test_admin_pages_do_not_ask_for_the_frame(client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    make_office()
    publish()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("admin:password_change")).status_code == 200

    assert not [query for query in queries if "consular_" in query["sql"]]


# For machines


def structured(client, path="/consular/"):
    """The page's JSON-LD: one block."""
    document = html.fromstring(client.get(path).content)
    (block,) = document.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(block)


def test_structured_data_say_the_week_and_the_days_that_are_different(client):
    make_office(
        hours=WEEK,
        closures=[("2026-03-09", "Women’s Day")],
        others=[("2026-03-10", "10:00–11:00, 12:00–13:00", "Training")],
    )
    publish()

    office = structured(client)["@graph"][0]

    assert office["@type"] == "GovernmentOffice"
    assert (office["name"], office["telephone"]) == ("Consular Section", "+442079460120")
    assert office["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": {"@id": "https://schema.org/Monday"},
        "opens": "09:00",
        "closes": "12:30",
    }
    special = [
        (each["validFrom"], each["validThrough"], each.get("opens"), each.get("closes"))
        for each in office["specialOpeningHoursSpecification"]
    ]
    assert special == [
        ("2026-03-09", "2026-03-09", "00:00", "00:00"),
        ("2026-03-10", "2026-03-10", "10:00", "11:00"),
        ("2026-03-10", "2026-03-10", "12:00", "13:00"),
    ]
    assert {"@type": "ContactPoint", "contactType": "emergency", "telephone": "+442079460911"} in office["contactPoint"]


@pytest.mark.parametrize("path", ["/consular/", "/ru/consular/"])
def test_structured_data_are_of_schema_orgs_vocabulary(client, path):
    known = vocabulary()
    office = whole_office()
    add_exception(office, "2026-03-09", "Women’s Day")
    publish()

    nodes = structured(client, path)["@graph"]

    assert [known.faults(node) for node in nodes] == [[]]


def test_status_says_whether_it_is_open_until_when_and_whom_to_call(client, freeze):
    make_office(hours=WEEK)
    publish()
    freeze(london(2026, 3, 2, 12, 29, 15))

    response = client.get("/consular/status.json")

    assert response.json() == {
        "office": "Consular Section",
        "at": "2026-03-02T12:29:15+00:00",
        "open": True,
        "until": "2026-03-02T12:30:00+00:00",
        "opens_next": None,
        "words": "Open now until 12:30",
        "services": {"counter": {"open": True, "until": "2026-03-02T12:30:00+00:00", "opens_next": None}},
        "emergency": "+442079460911",
        "checked_on": "2026-03-02",
        "is_stale": False,
        "next_change": "2026-03-02T12:30:00+00:00",
        "page": "https://press.example.org/consular/",
    }
    assert response.headers["Cache-Control"] == "public, max-age=45"


def test_status_says_when_it_opens_next_also_in_russian(client, freeze):
    make_office(hours=WEEK)
    publish()
    freeze(london(2026, 3, 27, 12))

    answer = client.get("/ru/consular/status.json").json()

    # Over the weekend in which London's clocks go forward.
    assert (answer["open"], answer["until"], answer["opens_next"]) == (False, None, "2026-03-30T09:00:00+01:00")
    assert (answer["office"], answer["words"][:8]) == ("Консульский отдел", "Закрыто.")
    assert answer["page"] == "https://press.example.org/ru/consular/"
    assert answer["next_change"] == "2026-03-28T00:00:00+00:00"


@pytest.mark.parametrize(
    ("second", "seconds"),
    [((2, 10), 60), ((2, 10, 0, 1), 59), ((2, 12, 29, 59), 1), ((2, 23, 59, 59), 1)],
)
def test_status_is_kept_until_the_next_change_and_never_past_the_minute(client, freeze, second, seconds):
    make_office(hours=WEEK)
    publish()
    freeze(london(2026, 3, *second))

    assert f"max-age={seconds}" in client.get("/consular/status.json").headers["Cache-Control"]


def test_status_of_an_empty_site_promises_nothing(client):
    answer = client.get("/consular/status.json").json()

    assert {answer[name] for name in ("office", "open", "until", "opens_next", "emergency", "checked_on")} == {None}


def test_card_of_an_office_that_is_not_released_is_not_there(client):
    office = make_office()

    assert client.get(f"/consular/office-{office.pk}.vcf").status_code == 404
    publish()
    assert client.get(f"/consular/office-{office.pk}.vcf").status_code == 200
    assert client.get(f"/consular/office-{office.pk + 1}.vcf").status_code == 404
    assert client.get("/consular/office-99999999999999999999.vcf").status_code == 404


def test_demo_contacts_load_twice_and_fill_the_page(page, freeze):
    for _ in range(2):
        call_command("loaddata", "demo_contacts", verbosity=0)
    call_command("release_consular_facts", verbosity=0)

    words = page(release=False).words

    assert "Honorary Consulate in Wexcombe Harbour" in words
    assert words.count("Emergency line") == 1
    assert "Open now until 12:30" in words
    assert ": closed, Orthodox Christmas" in words
    assert "Passport, ten years" in words
