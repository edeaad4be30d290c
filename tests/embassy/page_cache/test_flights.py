"""Work that several threads want at once is done once."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from embassy.page_cache.flights import Flights

NUMBER = 4


def until_all_wait(flights):
    """Return when all threads but this one wait for the work under way."""
    deadline = monotonic() + 10
    while len(flights._under_way["key"]._condition._waiters) < NUMBER - 1:
        assert monotonic() < deadline


def at_once(flights, work):
    """What NUMBER threads get that ask for the same `work`, all of them before it is done."""

    def slow_work():
        until_all_wait(flights)
        return work()

    with ThreadPoolExecutor(NUMBER) as pool:
        asked = [pool.submit(flights.share, "key", slow_work) for _ in range(NUMBER)]
        return [future.exception() or future.result() for future in asked]


def test_work_asked_for_at_once_is_done_once():
    assert len(set(at_once(Flights(), object))) == 1


def test_error_reaches_all_who_waited_and_nobody_after():
    flights = Flights()

    def fail():
        raise ValueError

    assert [type(error) for error in at_once(flights, fail)] == [ValueError] * NUMBER
    assert flights.share("key", lambda: "done") == "done"


def test_another_key_does_not_wait():
    flights = Flights()

    assert flights.share("outer", lambda: flights.share("inner", lambda: "inner")) == "inner"


def test_each_later_call_works_anew():
    flights, calls = Flights(), []

    for _ in range(2):
        flights.share("key", lambda: calls.append(1))

    assert len(calls) == 2


def test_error_is_raised_to_who_did_the_work():
    def fail():
        raise KeyError

    with pytest.raises(KeyError):
        Flights().share("key", fail)
