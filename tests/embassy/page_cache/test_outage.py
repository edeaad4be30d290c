"""While the database is away one thread asks for it, and nobody else waits."""

from threading import Event, Semaphore

import pytest
from django.db import InterfaceError, OperationalError

from embassy.page_cache.outage import Outage


class Database:
    """It is away until `back` is set; notes how often it was asked for."""

    def __init__(self):
        self.away, self.probed, self.asked = True, Semaphore(0), 0

    def probe(self):
        self.probed.release()
        if self.away:
            raise OperationalError("still gone")

    def ask(self):
        self.asked += 1
        if self.away:
            raise OperationalError("gone")
        return "answer"


@pytest.fixture
def pause():
    """Between two probes the thread waits until this is released; it is let go at the end."""
    permits, over = Semaphore(0), Event()

    def wait(_seconds):
        if not over.is_set():
            permits.acquire(timeout=10)

    wait.release = permits.release
    yield wait
    over.set()
    permits.release(100)


def test_readers_do_not_wait_while_the_database_is_away_and_are_answered_when_it_is_back(pause):
    database = Database()
    outage = Outage(database.probe, pause)

    for _ in range(3):
        with pytest.raises(OperationalError, match=r"^gone$"):
            outage.shorten(database.ask)
    assert database.asked == 1

    pause.release()
    assert database.probed.acquire(timeout=10)
    with pytest.raises(OperationalError):
        outage.shorten(database.ask)
    database.away = False
    pause.release()
    assert database.probed.acquire(timeout=10)
    while outage._error is not None:
        pass

    assert outage.shorten(database.ask) == "answer"
    assert database.asked == 2


def test_another_outage_is_noted_anew(pause):
    database = Database()
    outage = Outage(database.probe, pause)
    database.away = False
    assert outage.shorten(database.ask) == "answer"

    def cut():
        raise InterfaceError("cut")

    for act in (cut, database.ask):
        with pytest.raises(InterfaceError, match="cut"):
            outage.shorten(act)


def test_other_errors_are_no_outage(pause):
    outage = Outage(lambda: None, pause)

    def fail():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 — it has no words
        outage.shorten(fail)
    assert outage.shorten(lambda: "answer") == "answer"
