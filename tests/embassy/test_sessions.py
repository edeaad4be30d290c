"""When an officer is signed out."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from embassy import sessions

pytestmark = pytest.mark.django_db

HOME, LOGIN = "/admin/", "/admin/login/?next=/admin/"
MINUTE, HOUR = 60, 3600


@pytest.fixture
def anna():
    return User.objects.create_user("anna", password="correct horse", is_staff=True)


@pytest.fixture
def later(monkeypatch):
    """Call it with seconds: so much time passes."""
    now = [1_800_000_000]
    monkeypatch.setattr(sessions, "time", lambda: now[0])

    def pass_by(seconds):
        now[0] += seconds

    return pass_by


def is_in(client, **headers):
    return client.get(HOME, headers=headers).status_code == 200


def test_idle_session_ends(client, anna, later):
    client.force_login(anna)
    later(60 * MINUTE)
    assert is_in(client)
    later(60 * MINUTE + 1)

    answer = client.get(HOME)

    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert not Session.objects.exists()


def test_session_in_use_ends_after_a_day(client, anna, later):
    client.force_login(anna)
    for _ in range(24):
        later(HOUR - 1)
        assert is_in(client)
    later(25)

    assert not is_in(client)


def test_forgotten_tab_that_asks_by_itself_is_no_use(client, anna, later):
    client.force_login(anna)
    later(50 * MINUTE)
    assert is_in(client, **{"sec-fetch-mode": "cors"})
    later(11 * MINUTE)

    assert not is_in(client)


def test_use_is_noted_once_a_minute(client, anna, later, django_assert_num_queries):
    client.force_login(anna)
    later(59)
    is_in(client)
    assert client.session["seen"] == client.session["began"]
    later(1)

    is_in(client)

    assert client.session["seen"] == client.session["began"] + 60


def test_session_that_does_not_say_when_it_began_has_ended(client, anna):
    client.force_login(anna)
    session = client.session
    del session["began"]
    session.save()

    assert not is_in(client)


def test_ended_session_does_not_come_back_with_its_old_key(client, anna, later):
    client.force_login(anna)
    key = client.cookies["__Host-session"].value
    later(61 * MINUTE)
    assert not is_in(client)
    later(-61 * MINUTE)
    client.cookies["__Host-session"] = key

    assert not is_in(client)


def test_sign_in_gives_a_new_key(client, anna):
    session = client.session
    session["before"] = "x"
    session.save()
    before = session.session_key

    client.post("/admin/login/", {"username": "anna", "password": "correct horse"})

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_password_change_ends_the_sessions_everywhere_else(client, anna):
    elsewhere = Client()
    client.force_login(anna)
    elsewhere.force_login(anna)
    new = "a new and long pass phrase"

    data = {"old_password": "correct horse", "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", data).status_code == 302

    assert (is_in(client), is_in(elsewhere)) == (True, False)


def test_deactivated_account_is_out_at_once(client, anna):
    client.force_login(anna)
    assert is_in(client)

    User.objects.update(is_active=False)

    assert not is_in(client)


def test_sessions_of_one_officer_are_ended(client, anna):
    other = Client()
    kept = Client()
    client.force_login(anna)
    kept.force_login(anna)
    other.force_login(User.objects.create_user("boris", is_staff=True))

    assert sessions.end_sessions(anna, but=kept.session.session_key) == 1

    assert (is_in(client), is_in(kept), is_in(other)) == (False, True, True)


def test_sign_out_ends_the_session(client, anna):
    client.force_login(anna)

    client.post("/admin/logout/")

    assert not Session.objects.exists()
