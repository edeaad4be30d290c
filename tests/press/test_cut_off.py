"""A release whose connection ends, at whichever statement, has not happened; pressed again it happens once."""

from contextlib import closing
from itertools import count

import pytest
from django.db import Error, connection

from embassy import content_version
from press.acts import Seen
from press.models import Address, Edition, EditionFile, Event
from press.release import release
from tests.press.uploads_factory import make_illustrated

TABLES = (Edition, EditionFile, Address, Event)


def rows():
    """How many rows each table has that a release writes, and the version of what is public."""
    return [model.objects.count() for model in TABLES], content_version.current().number


class Cut:
    """Ends the connection, from another one, before its statement number `place` is sent."""

    def __init__(self, place):
        self.place, self.sent = place, 0

    def __call__(self, execute, sql, params, many, context):
        self.sent += 1
        if self.sent == self.place:
            pid = context["connection"].connection.info.backend_pid
            with closing(connection.copy()) as other, other.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("SELECT pg_terminate_backend(%s, 120000)", [pid])
                assert cursor.fetchone() == (True,)
        return execute(sql, params, many, context)


def attempt(message, seen, place):
    """The edition; None where the connection ended."""
    try:
        with connection.execute_wrapper(Cut(place)):
            return release(message, seen, message.author)
    except Error:
        return None
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.prove)])
def test_release_that_is_cut_off_at_any_statement_has_not_happened(step):
    message = make_illustrated()
    seen, before = Seen.of(message), rows()
    for place in count(1, step):
        edition = attempt(message, seen, place)
        if edition:
            break
        assert rows() == before

    assert place > 20
    assert list(Edition.objects.all()) == [edition]
    assert edition.is_intact()
    assert [len(edition.carried), Event.objects.filter(what=Event.What.RELEASED).count()] == [3, 1]
