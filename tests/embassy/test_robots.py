from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser

import pytest

pytestmark = pytest.mark.django_db


def test_robots_says_what_it_says_and_where_the_sitemap_is(client, settings):
    settings.SITE_URL = "https://press.example.org"

    answer = client.get("/robots.txt", headers={"host": "localhost"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /search/?\nDisallow: /ru/search/?\n"
        "Sitemap: https://press.example.org/sitemap.xml\n"
    )


def test_robots_are_kept_out_of_the_office_and_of_nothing_else(client):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())

    allowed = {path: robots.can_fetch("any", f"https://press.example.org{path}") for path in PATHS}

    assert allowed == PATHS
    assert robots.site_maps() == ["https://press.example.org/sitemap.xml"]


PATHS = {
    "/": True,
    "/ru/": True,
    "/messages/": True,
    "/messages/2026/05/12/a-visit/": True,
    "/feeds/atom.xml": True,
    "/sitemap.xml": True,
    "/admin/": False,
    "/admin/login/": False,
}


def test_sitemap_that_robots_names_is_there(client):
    assert client.get("/sitemap.xml").status_code == 200


def test_favicon_is_where_the_page_says(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/icons/favicon.ico")


@pytest.mark.parametrize("path", ["/robots.txt", "/favicon.ico"])
def test_machines_only_read(client, path):
    assert client.head(path).status_code in {200, 302}
    assert client.post(path).status_code == 405


def test_security_txt_says_whom_to_tell_and_until_when(client, settings, freeze):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    freeze(datetime(2026, 5, 12, 11, 30, tzinfo=UTC))

    answer = client.get("/.well-known/security.txt", headers={"host": "localhost"})

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@example.org\n"
        "Expires: 2026-08-10T00:00:00Z\n"
        "Preferred-Languages: en, ru\n"
        "Canonical: https://press.example.org/.well-known/security.txt\n"
    )


def test_security_txt_is_not_there_where_nobody_is_named(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404
