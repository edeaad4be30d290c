"""A refusal arrives, whatever came with the question."""

from io import BytesIO

import pytest

from embassy.bodies import MOST, read_out


class Answer(list):
    closed = False

    def close(self):
        self.closed = True


def ask(body, **said):
    """What an application is answered that reads one byte of `body`."""
    answer = Answer([b"no"])

    def application(environ, start_response):
        environ["wsgi.input"].read(1)
        return answer

    return answer, lambda: read_out(application)({"wsgi.input": body, **said}, None)


def test_rest_of_a_body_is_read():
    body = BytesIO(b"a" * 200_000)

    answer, asked = ask(body, CONTENT_LENGTH="200000")

    assert asked() is answer
    assert body.tell() == 200_000
    assert not answer.closed


@pytest.mark.parametrize("length", ["", "0", str(MOST + 1), "9" * 5000, "-1", "many"])
def test_nobody_waits_for_what_is_not_promised_or_too_much(length):
    body = BytesIO(b"the next request")

    ask(body, CONTENT_LENGTH=length)[1]()

    assert body.tell() == 1


def test_answer_is_closed_where_the_body_breaks_off():
    class Broken:
        def read(self, size):
            if size > 1:
                raise OSError("gone")

    answer, asked = ask(Broken(), CONTENT_LENGTH="5")

    with pytest.raises(OSError, match="gone"):
        asked()
    assert answer.closed
