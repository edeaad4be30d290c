"""Where the office is, and from where."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User

from embassy.door import is_of_the_office

pytestmark = pytest.mark.django_db

OFFICE = ["/admin/", "/admin", "/admin/login/", "/admin/password_reset/", "/admin/auth/user/", "/admin/nothing/"]


def seen(client, path, **options):
    answer = client.get(path, **options)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, headers, answer.text


@pytest.mark.parametrize("path", OFFICE)
def test_office_is_an_unknown_address_from_other_networks(client, settings, path):
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]
    client.force_login(User.objects.create_superuser("administrator"))

    assert seen(client, path, REMOTE_ADDR="198.51.100.7") == seen(client, "/nowhere/", REMOTE_ADDR="198.51.100.7")
    assert client.post(path, REMOTE_ADDR="198.51.100.7").status_code == 404


def test_office_is_there_from_its_networks(client, settings):
    settings.ADMIN_NETWORKS = ["203.0.113.0/24", "2001:db8::/32"]

    assert client.get("/admin/login/", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/admin/login/", REMOTE_ADDR="2001:db8::1").status_code == 200
    claimed = client.get("/admin/login/", REMOTE_ADDR="198.51.100.7", headers={"x-forwarded-for": "203.0.113.9"})
    assert claimed.status_code == 404


def test_readers_come_from_everywhere(client, settings):
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]

    assert client.get("/", REMOTE_ADDR="198.51.100.7").status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/jsi18n/", "/admin/nothing/", "/admin/password_reset/"]
)
def test_nothing_of_the_office_is_kept_or_indexed(client, path):
    client.force_login(User.objects.create_superuser("administrator"))

    answer = client.get(path)

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_pages_for_readers_say_nothing_of_the_kind(client):
    assert "X-Robots-Tag" not in client.get("/").headers
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


@pytest.mark.parametrize(("path", "expected"), [("/administration/", False), ("/admins", False), ("/ru/admin/", False)])
def test_other_words_are_no_office(path, expected):
    assert is_of_the_office(path) is expected


PROGRAM = """
import django; django.setup()
from django.test import RequestFactory
from django.urls import resolve, reverse
from embassy.robots import robots
print(reverse("admin:index"), reverse("admin_password_reset"), resolve("/desk-7/login/").view_name)
print(robots(RequestFactory().get("/robots.txt")).text)
"""


def test_office_has_a_path_of_its_own_that_robots_are_not_told():
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "embassy.settings", "ADMIN_PATH": "/desk-7"}
    given = {name: os.environ[name] for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL")}
    given["DATABASE_URL"] = "postgres://press:secret@db:5432/press"

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=configured.BASE_DIR,
        env=environment | given,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines()[0] == "/desk-7/ /desk-7/password_reset/ admin:login"
    assert "desk-7" not in ran.stdout.partition("\n")[2]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%00&q=a", "%00=1", "_to_field=", "%5Fto_field=", "published_on__year=" + "9" * 25]
)
def test_question_that_no_page_asks_is_refused(client, query):
    client.force_login(User.objects.create_superuser("administrator"))

    assert client.get(f"/admin/press/statement/?{query}").status_code == 400
    assert client.get("/admin/press/statement/?published_on__year=2026&q=2026").status_code == 200
