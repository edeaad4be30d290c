"""Log lines that a machine reads, and that nobody forges."""

import json
import logging
import sys

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from gunicorn.config import Config

from embassy import json_log
from embassy.current_request import current_request, remembered
from embassy.server_log import Logger

GIVEN = "0123456789abcdef" * 2


def written(message, *arguments, **more):
    record = logging.makeLogRecord(
        {"name": "press", "levelname": "WARNING", "msg": message, "args": arguments, "created": 0.5, **more}
    )
    return json_log.Formatter().format(record)


def test_line_is_one_object_whatever_is_in_it():
    line = written("Not found: %s", 'a\n{"level": "ERROR"}\r\u2028\x1b[31m')

    assert line.splitlines() == [line] or "\n" not in line
    assert json.loads(line) == {
        "at": "1970-01-01T00:00:00.500+00:00",
        "level": "WARNING",
        "logger": "press",
        "message": 'Not found: a\n{"level": "ERROR"}\r\u2028\x1b[31m',
    }
    assert not any(character in line for character in "\n\r\x1b")


def test_line_says_which_request_and_which_exception(rf):
    try:
        raise ValueError("this one")
    except ValueError:
        failure = sys.exc_info()
    lines = []

    def view(request):
        lines.append(json.loads(written("Failed", exc_info=failure, audit={"what": "refused"})))
        return HttpResponse()

    request = rf.get("/")
    remembered(view)(request)

    assert lines[0]["request"] == request.id
    assert lines[0]["audit"] == {"what": "refused"}
    assert lines[0]["exception"].endswith("ValueError: this one")
    assert "request" not in json.loads(written("Afterwards"))
    assert current_request() is None


def test_request_keeps_the_id_that_our_proxy_gave_it(rf, settings):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]
    found = []
    for peer, said in [("172.18.0.4", GIVEN), ("198.51.100.7", GIVEN), ("172.18.0.4", "x\n" * 16)]:
        request = rf.get("/", REMOTE_ADDR=peer, headers={"x-request-id": said})
        remembered(lambda request: HttpResponse())(request)
        found.append(request.id == said)
        assert len(request.id) == 32

    assert found == [True, False, False]


# Whose they would be: what requests bring that no line may have.
ADDRESS, QUERY, KEY = "198.51.100.77", "passport-of-orlova", "Zm9vYmFyLWtleQ"
SAID = (
    'duplicate key value violates unique constraint "auth_user_username_key"\n'
    f"DETAIL:  Key (username)=(orlova) already exists, for orlova@example.org from {ADDRESS}.\n"
)


@pytest.fixture
def lines():
    """Every line that is written, as the JSON that it is."""
    found = []
    handler = logging.Handler()
    handler.setFormatter(json_log.Formatter())
    handler.emit = lambda record: found.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)


def test_lines_of_refused_and_failed_requests_have_their_id_and_name_nobody(lines, db, monkeypatch):
    def fail(*_arguments):
        raise IntegrityError(SAID)

    monkeypatch.setattr("press.views.render", fail)
    orlova = User.objects.create_user("orlova", "orlova@example.org", is_staff=True)
    browser = Client(raise_request_exception=False, enforce_csrf_checks=True, REMOTE_ADDR=ADDRESS)
    browser.force_login(orlova)
    asked = [
        browser.get(f"/nothing/?q={QUERY}"),
        browser.get(f"/shared/{KEY}/?q={QUERY}"),
        browser.get("/admin/auth/user/"),
        browser.get("/", {"q": QUERY}, HTTP_HOST=f"{ADDRESS}:x"),
        browser.get("/", {"q": QUERY}),
        browser.post(f"/admin/password_reset/MQ/{KEY}/", {"q": QUERY}),
        browser.post("/admin/login/", {"username": "orlova", "password": QUERY}),
        Client(REMOTE_ADDR=ADDRESS).post("/admin/login/", {f"field-{number}": QUERY for number in range(1100)}),
        browser.get("/messages/2026/99/99/orlova/", headers={"referer": f"https://x.example/?q={QUERY}"}),
    ]

    assert [answer.status_code for answer in asked] == [404, 404, 403, 400, 500, 403, 403, 400, 404]
    assert len(lines) >= len(asked)
    assert len({json.loads(line)["request"] for line in lines}) == len(asked)
    secrets = [ADDRESS, QUERY, KEY, "orlova@example.org", "(orlova)", browser.session.session_key]
    assert [line for line in lines if any(secret in line for secret in secrets)] == []
    assert [line for line in lines if "auth_user_username_key" in line]


def test_mail_that_cannot_be_sent_is_not_written_to_the_log(lines, settings):
    settings.EMAIL_BACKEND = "embassy.unsent_mail.EmailBackend"

    assert EmailMessage("A new password", KEY, to=["orlova@example.org"]).send() == 0

    (line,) = map(json.loads, lines)
    assert line["message"] == "Mails not sent, because EMAIL_URL is empty: 1"


def test_server_writes_lines_of_the_same_form_and_no_log_of_access(settings, capsys):
    settings.LOG_FORMAT = "json"
    logger = Logger(Config())

    logger.warning("Invalid request from ip=%s: %s", ADDRESS, "bad header")
    logger.access(None, None, None, None)

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "level": "WARNING",
        "logger": "gunicorn.error",
        "message": "Invalid request from ip=[…]: bad header",
    }
