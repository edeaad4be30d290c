import re

import pytest
from django.contrib.auth.models import User
from django.core import mail as outgoing
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from embassy import mail

pytestmark = pytest.mark.django_db

FORM = "/admin/password_reset/"
SECRET = "a new and long pass phrase"


@pytest.fixture
def anna():
    return User.objects.create_user("anna", "anna@example.org", "before", is_staff=True)


def ask(client, address, **headers):
    """Ask for a new password, and wait for the mail that may go out beside the request."""
    response = client.post(FORM, {"email": address}, **headers)
    mail._out.submit(lambda: None).result(timeout=10)
    return response


def test_new_password_is_chosen_from_the_mail(client, anna):
    assert ask(client, "anna@example.org").url == "/admin/password_reset/done/"

    letter = outgoing.outbox[0]
    assert (letter.subject, letter.to) == ("Press office: a new password", ["anna@example.org"])
    assert "anna\n" in letter.body
    path = re.search(r"https://press\.example\.org(/admin/password_reset/\S+)", letter.body).group(1)
    form = client.get(path, follow=True)
    response = client.post(form.redirect_chain[-1][0], {"new_password1": SECRET, "new_password2": SECRET}, follow=True)

    assert response.redirect_chain[-1][0] == "/admin/password_reset/complete/"
    anna.refresh_from_db()
    assert anna.check_password(SECRET)
    # A link serves once.
    assert client.get(path, follow=True).context["validlink"] is False


def test_mail_names_the_site_not_the_host_that_was_asked(client, anna, settings):
    settings.ALLOWED_HOSTS = ["*"]

    ask(client, "anna@example.org", headers={"host": "evil.example"})

    assert "evil.example" not in outgoing.outbox[0].body
    assert "https://press.example.org/admin/password_reset/" in outgoing.outbox[0].body


def test_unknown_address_gets_the_same_answer_and_no_mail(client, anna):
    known, unknown = ask(client, "anna@example.org"), ask(client, "nobody@example.org")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.to for letter in outgoing.outbox] == [["anna@example.org"]]


def test_unknown_address_goes_the_same_way(client, anna, monkeypatch):
    written = []
    monkeypatch.setattr(
        "embassy.password_reset.render_to_string",
        lambda template, context: written.append(template) or render_to_string(template, context),
    )
    steps = []
    for address in ("anna@example.org", "nobody@example.org"):
        written.clear()
        with CaptureQueriesContext(connection) as queries:
            ask(client, address)
        steps.append((list(written), len(queries)))

    known, unknown = steps
    assert known == unknown
    assert known[0] == ["admin/password_reset_subject.txt", "admin/password_reset_email.txt"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"password": "!"}])
def test_account_without_a_password_to_change_gets_no_mail(client, anna, fields):
    User.objects.update(**fields)

    assert ask(client, "anna@example.org").status_code == 302
    assert outgoing.outbox == []


def test_mail_server_that_fails_tells_nothing_and_is_logged(client, anna, monkeypatch, caplog):
    def fail(*args):
        raise OSError("connection refused")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)

    response = ask(client, "anna@example.org")

    assert (response.status_code, response.url) == (302, "/admin/password_reset/done/")
    assert [record.message for record in caplog.records] == ["A mail was not sent"]
    assert "anna@example.org" not in caplog.text


@pytest.mark.parametrize("path", ["", "done/", "MQ/set-password/", "complete/"])
def test_pages_are_the_offices(client, path):
    html = client.get(FORM + path).content.decode()

    assert "Press office</a>" in html
    assert "press/admin/office.css" in html
