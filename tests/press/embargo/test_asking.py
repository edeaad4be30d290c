"""What may differ between two answers of one minute and tells nothing; all else counts."""

from datetime import UTC, datetime, timedelta

import pytest

from press.embargo import asking
from press.embargo.asking import OF_THE_SECOND, OverHTTP, TooSlow, answer_of

AT = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


def given(second, body="", lifetime=0):
    """An answer given at a `second` of a minute."""
    headers = [("Cache-Control", f"public, max-age={lifetime}")]
    return answer_of(200, headers, body.encode(), given=AT.replace(second=second).timestamp())


def at(second, of="12T11:00", zone="+00:00"):
    return f'{{"at": "2026-05-{of}:{second:02}{zone}"}}'


def test_answers_that_tell_their_own_second_and_the_rest_of_the_minute_are_alike():
    first, second = given(18, at(18), 42), given(41, at(40), 19)

    assert first == second
    assert given(41, at(41, of="12T14:00", zone="+03:00"), 19) == first
    assert given(41, at(41, zone="Z"), 19) == first


@pytest.mark.parametrize(
    ("body", "lifetime"),
    [
        # A moment of the canary's: planted before, or to come.
        (at(41 - OverHTTP.age), 19),
        (at(41, of="12T12:00"), 19),
        (at(41, of="99T99:99"), 19),
        # It ends with something else than the minute.
        (at(41), 9),
        (at(41), 60),
        (at(41), 3559),
        (at(41), 0),
    ],
)
def test_another_moment_or_lifetime_is_a_difference(body, lifetime):
    assert OverHTTP.age > OF_THE_SECOND
    assert given(41, body, lifetime) != given(18, at(18), 42)


def test_where_the_clock_stands_still_every_second_counts():
    assert answer_of(200, [], at(18).encode()) != answer_of(200, [], at(19).encode())


class Site(OverHTTP):
    """A site whose answers take `seconds` each, by a clock that only its answers and waiting move."""

    def __init__(self, monkeypatch, begin, seconds):
        super().__init__("http://127.0.0.1")
        self.now, self.seconds = begin, timedelta(seconds=seconds)
        monkeypatch.setattr(asking.clock, "now", lambda: self.now)
        monkeypatch.setattr(asking.time, "monotonic", lambda: self.now.timestamp())
        monkeypatch.setattr(asking.time, "sleep", lambda wait: self.wait(timedelta(seconds=wait)))

    def wait(self, time):
        self.now += time

    def ask(self, question):
        self.wait(self.seconds)
        return question

    def asked_twice(self, questions):
        """How many questions of a round are answered both times, and the second at which it ends."""
        self.start()
        self.begin()
        part = self.ask_some(questions)
        self.begin()
        return len(self.ask_again(part)), self.now.second


@pytest.mark.parametrize(
    ("second", "seconds", "expected"),
    # From the second in which it starts, until the minute ends at the latest; else from the next minute's begin.
    [(5, 1, (23, 57)), (5, 0.25, (91, 56)), (12, 4, (5, 58)), (30, 1, (26, 58)), (0, 30, (0, 6))],
)
def test_round_of_asking_twice_ends_with_its_minute(monkeypatch, second, seconds, expected):
    site = Site(monkeypatch, AT.replace(second=second), seconds)

    assert site.asked_twice(range(1000)) == expected


def test_site_that_is_too_slow_to_answer_twice_in_a_minute_is_not_asked_for_ever(monkeypatch):
    site = Site(monkeypatch, AT, 30)

    rounds = [site.asked_twice(range(10))[0] for _round in range(5)]

    assert rounds == [0] * 5
    with pytest.raises(TooSlow):
        site.start()
