from datetime import UTC, datetime, timedelta

import pytest

from embassy.chain import Act
from press.models import Edition
from press.state import State, state_of, states_of
from tests.press.factory import change, make_correction, make_live, make_message

AT = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


def edition(act, live_from, draft_version=1):
    return Edition(act=act, live_from=live_from, draft_version=draft_version)


STOOD = AT - timedelta(days=1)
COMES = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LIVE, CORRECTED, WITHDRAWN = (edition(act, STOOD) for act in (Act.RELEASE, Act.CORRECT, Act.WITHDRAW))


@pytest.mark.parametrize(
    ("version", "standing", "scheduled", "words"),
    [
        (3, None, None, "Draft"),
        # The host city's time, summer and winter.
        (1, LIVE, None, "Live since 11 May 2026, 13:00"),
        (1, None, edition(Act.RELEASE, COMES), "Scheduled for 1 December 2026, 09:00"),
        (2, None, edition(Act.RELEASE, COMES), "Scheduled for 1 December 2026, 09:00; newer draft"),
        (2, LIVE, None, "Live since 11 May 2026, 13:00; newer draft"),
        (1, CORRECTED, None, "Live, corrected on 11 May 2026, 13:00"),
        (
            2,
            LIVE,
            edition(Act.CORRECT, COMES, 2),
            "Live since 11 May 2026, 13:00; correction scheduled for 1 December 2026, 09:00",
        ),
        (
            3,
            LIVE,
            edition(Act.CORRECT, COMES, 2),
            "Live since 11 May 2026, 13:00; correction scheduled for 1 December 2026, 09:00; newer draft",
        ),
        (
            1,
            LIVE,
            edition(Act.WITHDRAW, COMES),
            "Live since 11 May 2026, 13:00; withdrawal scheduled for 1 December 2026, 09:00",
        ),
        (1, WITHDRAWN, None, "Withdrawn on 11 May 2026, 13:00"),
        (2, WITHDRAWN, None, "Withdrawn on 11 May 2026, 13:00"),
        (1, edition(Act.RETRACT, STOOD), None, "Published in error, taken off on 11 May 2026, 13:00"),
        (1, edition(Act.REPLACE, STOOD), None, "Replaced on 11 May 2026, 13:00"),
        (
            1,
            WITHDRAWN,
            edition(Act.RELEASE, COMES),
            "Withdrawn on 11 May 2026, 13:00; release scheduled for 1 December 2026, 09:00",
        ),
    ],
)
def test_state_in_words(version, standing, scheduled, words):
    assert State(version, standing, scheduled, AT).words == words


@pytest.mark.parametrize(
    ("version", "standing", "scheduled", "correctable", "featurable"),
    [
        (1, None, None, False, False),
        (1, LIVE, None, False, True),
        (2, LIVE, None, True, True),
        (2, WITHDRAWN, None, False, False),
        (1, None, edition(Act.RELEASE, COMES), False, True),
        (2, LIVE, edition(Act.CORRECT, COMES, 2), True, True),
        (1, WITHDRAWN, edition(Act.RELEASE, COMES), False, True),
    ],
)
def test_state_opens_the_acts(version, standing, scheduled, correctable, featurable):
    state = State(version, standing, scheduled, AT)

    assert (state.is_correctable, state.is_featurable) == (correctable, featurable)


def test_state_is_a_function_of_the_clock(freeze):
    freeze(AT)
    message = make_live(at=AT + timedelta(minutes=1))

    before, then = (state_of(message, AT + timedelta(minutes=minutes)) for minutes in (0, 1))

    assert (before.standing, before.scheduled.number) == (None, 1)
    assert (then.standing.number, then.scheduled) == (1, None)


def test_states_of_many_are_three_queries(freeze, django_assert_num_queries):
    freeze(AT)
    draft, live, corrected = make_message(), make_live(), make_live()
    make_correction(corrected, at=AT + timedelta(days=1))
    change(live, body="<p>More.</p>")

    with django_assert_num_queries(3):
        states = states_of([draft, live, corrected], AT)
        words = [states[message.pk].words for message in (draft, live, corrected)]

    assert [text.partition(" ")[0] for text in words] == ["Draft", "Live", "Live"]
    assert words[1].endswith("; newer draft")
    assert "correction scheduled" in words[2]
