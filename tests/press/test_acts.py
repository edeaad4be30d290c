"""Random acts at random moments, by the model and by a plain oracle of what is live when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from press.acts import Refused, Seen
from press.models import Address, Edition
from press.recall import recall
from press.release import correct, release
from press.withdraw import withdraw
from tests.press.factory import change, make_message, make_officer

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MARGIN = timedelta(seconds=10)


class Oracle:
    """What should be live when: a list of (from, text or None), in order; the last may lie in the future."""

    def __init__(self):
        self.spans = []

    def scheduled(self, now):
        return bool(self.spans) and self.spans[-1][0] > now

    def at(self, moment):
        texts = [text for begins, text in self.spans if begins <= moment]
        return texts[-1] if texts else None

    def may_recall(self, now):
        return self.scheduled(now) and self.spans[-1][0] - now >= MARGIN

    def may_add(self, now):
        return not self.scheduled(now) or self.may_recall(now)

    def add(self, now, begins, text):
        if self.scheduled(now):
            self.spans.pop()
        self.spans.append((begins, text))


def machine(freeze):
    """The state machine, on clocks that `freeze` sets."""

    class Acts(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            # Each example begins with an empty office, within the one transaction of the test.
            self.savepoint = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

        @initialize()
        def begin(self):
            self.now = freeze(START)
            self.officer = make_officer()
            self.message = make_message(by=self.officer, body="<p>Text 0</p>")
            self.oracle = Oracle()
            self.text = 0

        @rule(seconds=st.one_of(st.integers(1, 90), st.floats(0.001, 60)))
        def wait(self, seconds):
            self.now = freeze(self.now + timedelta(seconds=seconds))

        @rule()
        def write(self):
            self.text += 1
            change(self.message, body=f"<p>Text {self.text}</p>")

        def moment(self, minutes):
            """None for now, else a whole minute to come."""
            whole = self.now.replace(second=0, microsecond=0)
            return None if minutes is None else whole + minutes * MINUTE

        def expect(self, allowed, act, *arguments):
            """Do the act and say whether it was allowed; it must be refused where it is not."""
            self.wait(0.001)
            try:
                act(self.message, Seen.of(self.message), *arguments)
            except Refused:
                assert not allowed
            else:
                assert allowed
            return allowed

        @rule(minutes=st.one_of(st.none(), st.integers(1, 4)))
        def release(self, minutes):
            now, at = self.now + timedelta(seconds=0.001), self.moment(minutes)
            allowed = self.oracle.at(now) is None and self.oracle.may_add(now) and (at is None or at > now)
            if self.expect(allowed, release, self.officer, at):
                self.oracle.add(now, at or now, self.text)

        @rule(minutes=st.one_of(st.none(), st.integers(1, 4)), note=st.sampled_from(["", "Told."]))
        def correct(self, minutes, note):
            now, at = self.now + timedelta(seconds=0.001), self.moment(minutes)
            live = self.oracle.at(now)
            allowed = live is not None and live != self.text and self.oracle.may_add(now) and (at is None or at > now)
            if self.expect(allowed, correct, self.officer, at, note):
                self.oracle.add(now, at or now, self.text)

        @rule(minutes=st.one_of(st.none(), st.integers(1, 4)))
        def withdraw(self, minutes):
            now, at = self.now + timedelta(seconds=0.001), self.moment(minutes)
            allowed = self.oracle.at(now) is not None and self.oracle.may_add(now) and (at is None or at > now)
            if self.expect(allowed, withdraw, self.officer, "Why", at):
                self.oracle.add(now, at or now, None)

        @rule()
        def recall(self):
            now = self.now + timedelta(seconds=0.001)
            if self.expect(self.oracle.may_recall(now), recall, self.officer):
                self.oracle.spans.pop()

        @precondition(lambda self: hasattr(self, "oracle"))
        @invariant()
        def live_as_the_oracle_says(self):
            moments = {self.now, START, self.now + timedelta(days=1)}
            for begins, _text in self.oracle.spans:
                moments |= {begins - timedelta(microseconds=1), begins, begins + timedelta(microseconds=1)}
            for moment in moments:
                bodies = [edition.body for edition in Edition.objects.live(moment)]
                text = self.oracle.at(moment)
                assert len(bodies) == (0 if text is None else 1)
                assert all(f">Text {text}<" in body for body in bodies)

        @precondition(lambda self: hasattr(self, "oracle"))
        @invariant()
        def chain_is_whole(self):
            editions = list(Edition.objects.order_by("number"))
            assert [e.number for e in editions] == list(range(1, len(editions) + 1))
            assert [e.live_until for e in editions[:-1]] == [e.live_from for e in editions[1:]]
            assert not editions or editions[-1].live_until is None
            assert all(edition.is_intact() for edition in editions)
            assert Address.objects.count() == len({edition.address_id for edition in editions})

    return Acts


@pytest.mark.django_db
def test_random_acts_leave_live_what_a_plain_oracle_says(freeze):
    run_state_machine_as_test(
        machine(freeze),
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
