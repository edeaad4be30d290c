"""Log lines that a machine reads, and that nobody forges."""

import json
import logging
import sys

from django.http import HttpResponse

from embassy import json_log
from embassy.current_request import current_request, remembered

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
