"""Guessing at passwords: how long it goes on, and whom it keeps out."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Permission, User

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
ATTACKER, EMBASSY = "198.51.100.7", "203.0.113.9"
LIMIT = configured.AXES_FAILURE_LIMIT


@pytest.fixture
def ambassador():
    return User.objects.create_user("ambassador", password="correct horse", is_staff=True)


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed."""
    passwords = []
    encode = MD5PasswordHasher.encode

    def noted(self, password, salt):
        passwords.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noted)
    return passwords


def sign_in(client, username="ambassador", password="wrong", address=ATTACKER, **headers):
    data = {"username": username, "password": password}
    return client.post(LOGIN, data, REMOTE_ADDR=address, headers=headers)


def guess(client, times, **options):
    return [sign_in(client, **options).status_code for _ in range(times)]


def test_guessing_ends_with_a_page_that_says_how_long(client, ambassador):
    assert guess(client, LIMIT) == [200] * (LIMIT - 1) + [429]

    answer = sign_in(client)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes." in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_refused_attempt_hashes_nothing_even_with_the_right_password(client, ambassador, hashed):
    guess(client, LIMIT)
    hashed.clear()

    assert sign_in(client, password="correct horse").status_code == 429

    assert hashed == []
    assert "_auth_user_id" not in client.session


def test_attacker_does_not_lock_the_ambassador_out(client, ambassador):
    guess(client, LIMIT + 5)

    assert sign_in(client, password="correct horse", address=EMBASSY).status_code == 302


def test_header_that_claims_another_address_changes_nothing(client, ambassador):
    guess(client, LIMIT)

    for claimed in ({"x-forwarded-for": EMBASSY}, {"x-real-ip": EMBASSY}, {"forwarded": f"for={EMBASSY}"}):
        assert sign_in(client, password="correct horse", **claimed).status_code == 429


def test_visitors_of_one_proxy_are_told_apart(client, ambassador, settings):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]
    for _ in range(LIMIT):
        sign_in(client, address="172.18.0.4", **{"x-forwarded-for": ATTACKER})

    refused = sign_in(client, password="correct horse", address="172.18.0.4", **{"x-forwarded-for": ATTACKER})
    let_in = sign_in(client, password="correct horse", address="172.18.0.4", **{"x-forwarded-for": EMBASSY})

    assert (refused.status_code, let_in.status_code) == (429, 302)


def test_address_that_tries_many_names_is_locked_as_a_whole(client, ambassador, settings, hashed):
    settings.SIGN_IN_FAILURES_OF_AN_ADDRESS = 12
    for number in range(12):
        assert sign_in(client, username=f"name{number}").status_code == 200
    hashed.clear()

    assert sign_in(client, username="another").status_code == 429
    assert sign_in(client, password="correct horse").status_code == 429
    assert hashed == []
    assert sign_in(client, password="correct horse", address=EMBASSY).status_code == 302


def test_lock_ends_by_itself_though_somebody_goes_on(client, ambassador):
    guess(client, LIMIT + 3)
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == LIMIT

    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - configured.AXES_COOLOFF_TIME)

    assert sign_in(client, password="correct horse").status_code == 302


def test_success_forgets_the_failures_before_it(client, ambassador):
    guess(client, LIMIT - 1)
    assert sign_in(client, password="correct horse").status_code == 302
    client.logout()

    assert guess(client, LIMIT - 1) == [200] * (LIMIT - 1)


def test_there_is_one_backend_that_says_who_may(ambassador):
    ambassador.user_permissions.add(Permission.objects.get(codename="release_message"))

    assert list(User.objects.with_perm("press.release_message")) == [ambassador]


def test_account_that_is_not_there_gets_the_same_answers(client, ambassador, hashed):
    User.objects.create_user("retired", password="correct horse", is_staff=True, is_active=False)
    User.objects.create_user("reader", password="correct horse", is_staff=False)
    User.objects.create_user("invited", is_staff=True)
    tried = [("ambassador", "wrong"), ("nobody", "wrong"), ("retired", "correct horse")]
    tried += [("reader", "correct horse"), ("invited", "wrong")]
    seen = []

    for username, password in tried:
        hashed.clear()
        answer = sign_in(client, username, password)
        page = answer.text.replace(f'value="{username}"', "").replace(str(answer.context["csrf_token"]), "")
        seen.append((answer.status_code, page, len(hashed)))

    assert len(set(seen)) == 1, [(status, count) for status, _page, count in seen]
    assert "Please enter the correct username and password" in seen[0][1]


def test_locked_page_is_the_same_for_an_account_that_is_not_there(client, ambassador):
    pages = []
    for username in ("ambassador", "nobody"):
        guess(client, LIMIT, username=username)
        pages.append(sign_in(client, username=username).text)

    assert pages[0] == pages[1]


def test_counter_keeps_neither_names_nor_passwords_nor_tokens(client, ambassador):
    client.post(f"{LOGIN}?next=/admin/secret-place/", {"username": "my password!", "password": "hunter2 hunter2"})

    (attempt,) = AccessAttempt.objects.values()
    kept = repr(attempt)
    for secret in ("my password!", "hunter2", "secret-place"):
        assert secret not in kept
