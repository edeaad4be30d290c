"""What may differ between two answers of one minute and tells nothing; all else counts."""

from datetime import UTC, datetime

import pytest

from press.embargo.asking import OF_THE_SECOND, OverHTTP, answer_of

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
