from datetime import UTC, datetime

import pytest
from django.urls import resolve
from django.utils import translation
from lxml import html

from embassy.context_processors import frame

AT = datetime(2014, 10, 25, 11, 44, tzinfo=UTC)


@pytest.fixture
def framed(rf):
    """Call it with a path (and a language): what the frame gets to show there."""

    def at(path, language="en"):
        request = rf.get(path)
        request.at = AT
        with translation.override(language):
            request.resolver_match = resolve(request.path_info)
            return frame(request)

    return at


@pytest.mark.parametrize(
    ("language", "name", "contact"),
    [("en", "The Embassy", "Press desk"), ("ru", "Посольство", "Пресс-служба")],
)
def test_frame_names_the_mission_and_its_press_contact(framed, settings, language, name, contact):
    settings.MISSION_NAME = {"en": "The Embassy", "ru": "Посольство"}
    settings.PRESS_CONTACT_NAME = {"en": "Press desk", "ru": "Пресс-служба"}
    settings.PRESS_CONTACT_PHONE = "+442079460199"
    settings.PRESS_CONTACT_EMAIL = "desk@example.org"

    shown = framed("/" if language == "en" else "/ru/", language)

    assert shown["mission_name"] == name
    assert shown["press_contact"] == {"name": contact, "phone": "+442079460199", "email": "desk@example.org"}
    assert shown["site_url"] == settings.SITE_URL


def test_frame_shows_each_city_at_the_requests_moment(framed):
    shown = framed("/")

    assert [(city.city, f"{city.time:%H:%M}", city.zone) for city in shown["city_times"]] == [
        ("Moscow", "15:44", "Europe/Moscow"),
        ("London", "12:44", "Europe/London"),
    ]
    assert shown["shared_date"].isoformat() == "2014-10-25"


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("/", "/ru/"),
        ("/messages/", "/ru/messages/"),
        ("/messages/statements/", "/ru/messages/statements/"),
        ("/consular/", "/ru/consular/"),
        ("/accessibility/", "/ru/accessibility/"),
        ("/privacy/", "/ru/privacy/"),
    ],
)
def test_other_language_is_the_same_page(framed, english, russian):
    to_russian = framed(english)["other_language"]
    to_english = framed(russian, "ru")["other_language"]

    assert to_russian == {"code": "ru", "name": "Русский", "url": russian}
    assert to_english == {"code": "en", "name": "English", "url": english}


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/messages/2026/05/12/a-visit/", "/ru/messages/"),
        ("/messages/2026/", "/ru/messages/"),
        ("/messages/2026/05/", "/ru/messages/"),
        ("/messages/statements/2026/", "/ru/messages/statements/"),
        ("/messages/statements/2026/05/", "/ru/messages/statements/"),
        ("/robots.txt", "/ru/"),
        ("/admin/", "/ru/"),
    ],
)
def test_other_language_is_the_nearest_page_where_the_same_may_not_exist(framed, path, nearest):
    assert framed(path)["other_language"]["url"] == nearest


def test_other_language_of_an_unknown_address_is_home(client, db):
    page = html.fromstring(client.get("/unknown/").content)

    assert page.xpath("//li[@class='language']/a/@href") == ["/ru/"]


@pytest.mark.parametrize("path", ["/", "/messages/", "/messages/press-releases/", "/consular/", "/privacy/"])
def test_other_language_leads_there_and_back(client, db, path):
    there = html.fromstring(client.get(path).content).xpath("//li[@class='language']/a/@href")[0]
    back = html.fromstring(client.get(there).content).xpath("//li[@class='language']/a/@href")[0]

    assert (there, back) == (f"/ru{path}", path)
