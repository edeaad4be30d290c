from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.consular.factory import london, make_office

WEEK = [(0, "09:00", "12:30"), (0, "14:00", "17:00"), (1, "09:00", "12:30")]


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


@pytest.fixture
def page(client, freeze):
    """Gets the page on a Monday at ten and returns what its main part says."""
    freeze(london(2026, 3, 2, 10))

    def get(address="/consular/"):
        response = client.get(address)
        assert response.status_code == 200
        return Main(response.content.decode())

    return get


def test_contact_says_how_to_reach_the_office_emergency_first(page):
    make_office(hours=WEEK, closures=[("2026-03-09", "Women’s Day")])

    assert page().words == [
        *["Consular section", "In an emergency", "Emergency line", "+44 20 7946 0911"],
        *["Consular Section", "Open now until 12:30"],
        *["Telephone", "Enquiries", "+44 20 7946 0120", "Mornings only", "Passports", "+44 20 7946 0124"],
        *["E-mail", "Enquiries", "consular@example.org", "Appointments", "appointments@example.org"],
        *["Address", "27 Larkspur Gate", "London"],
        *["Opening hours", "By local time", "Day", "Open"],
        *["Monday", "9:00–12:30", "14:00–17:00", "Tuesday", "9:00–12:30", "Wednesday", "Closed"],
        *["Thursday", "Closed", "Friday", "Closed", "Saturday", "Closed", "Sunday", "Closed"],
        *["Closed on", "Monday, 9 March 2026", ": Women’s Day"],
    ]
    assert page().links == [
        "tel:+442079460911",
        "tel:+442079460120",
        "tel:+442079460124",
        "mailto:consular@example.org",
        "mailto:appointments@example.org",
    ]


def test_contact_speaks_russian_at_the_russian_address(page):
    make_office(hours=WEEK, closures=[("2026-03-09", "Women’s Day")])

    words = page("/ru/consular/").words

    for text in ["Консульский отдел", "Экстренная связь", "Только утром", "Ларкспур-Гейт, 27"]:
        assert text in words
    assert ": Women’s Day по-русски" in words
    assert "Enquiries" not in words


def test_contact_of_an_empty_site_looks_intended(page, db):
    assert page().words == [
        "Consular section",
        "The telephone numbers, the address and the opening hours will be published here.",
    ]


def test_contact_links_no_number_that_is_not_valid(page):
    office = make_office()
    # Well-formed, and nobody's: London has no such number.
    office.phones.filter(order=2).update(number="+4420794601")

    assert "+44 20794601" in page().words
    assert [link for link in page().links if not link.startswith("mailto:")] == [
        "tel:+442079460911",
        "tel:+442079460124",
    ]


def test_contact_escapes_what_officers_write(page, client):
    make_office(name="<script>alert(1)</script>", closures=[("2026-03-09", "<b>")])

    assert "<script>alert" not in client.get("/consular/").content.decode()
    assert ": <b>" in page().words


def test_contact_tells_the_frame_where_it_is(client, freeze):
    freeze(london(2026, 3, 2, 10))

    context = client.get("/consular/").context

    assert context["section"] == "consular"
    assert context["breadcrumbs"] == [{"label": "Home", "url": "/"}, {"label": "Consular section", "url": ""}]


@pytest.mark.parametrize("count", [1, 30])
def test_contact_needs_two_queries_however_many_offices(page, count):
    for number in range(count):
        make_office(primary=number == 0, hours=WEEK, closures=[("2026-03-09", "Women’s Day")])

    with CaptureQueriesContext(connection) as queries:
        page()

    # The offices, and the header's.
    assert len(queries) == 2
    assert not [query for query in queries if "press_" in query["sql"]]


def test_contact_refuses_what_is_not_reading(client, db):
    assert client.post("/consular/").status_code == 405


def test_admin_pages_do_not_ask_for_the_box(client, db):
    client.force_login(get_user_model().objects.create_superuser("root"))
    make_office()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("admin:index")).status_code == 200

    assert not [query for query in queries if "consular_" in query["sql"]]


def test_demo_contacts_load_twice_and_fill_the_page(page, db):
    call_command("loaddata", "demo_contacts", verbosity=0)
    call_command("loaddata", "demo_contacts", verbosity=0)

    words = page().words

    assert "Honorary Consulate in Wexcombe Harbour" in words
    assert words.count("Emergency line, day and night") == 1
    assert "Open now until 12:30" in words
    assert ": Orthodox Christmas" in words
