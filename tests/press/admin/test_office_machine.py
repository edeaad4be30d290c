"""Three officers do anything in any order, and nothing that must not be ever is.

A plain model says after each step what the office must hold: who may have approved what, what readers
see, what the history tells. Texts are written through the admin's own form, all else by the acts that
the office's buttons call. The clock is the test's.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from press import bin as the_bin
from press import unsaved
from press.acts import Refused, Seen
from press.content import as_data, content_of, sha256_of
from press.models import Approval, BrokenGlass, Edition, Event, Message, Unsaved, Version
from press.posted import as_querydict
from press.recall import recall
from press.release import correct, release
from press.review import approve, send_back, sign_off, submit
from press.versions import restore
from press.withdraw import replace, retract, withdraw
from tests.press.admin.desk import content, fields_of, page_of
from tests.press.factory import make_officer

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MARGIN = timedelta(seconds=10)
ADD = "/admin/press/pressrelease/add/"
TITLES = st.sampled_from(["Hours", "A visit", "New hall", "A storm"])
WHO = st.integers(0, 2)
# Minutes until an edition begins; None: at once.
WHEN = st.sampled_from([None, None, 1, 5, 60])
RECORD = (Message, Version, Event, Edition, Approval, BrokenGlass)


@dataclass
class Span:
    """An edition as the model knows it."""

    begins: datetime
    title: str | None
    version: int


@dataclass
class Model:
    """A message as it must be."""

    pk: int
    versions: list
    approvals: dict = field(default_factory=dict)
    glass: list = field(default_factory=list)
    spans: list = field(default_factory=list)
    events: list = field(default_factory=lambda: ["written"])
    submitted: int | None = None
    is_binned: bool = False

    @property
    def number(self):
        """The version that it is."""
        return len(self.versions)

    @property
    def title(self):
        """What it says."""
        return self.versions[-1][0]

    @property
    def changer(self):
        """Who changed it last."""
        return self.versions[-1][1]

    @property
    def is_approved(self):
        """Whether somebody vouches for what it says."""
        return self.number in self.approvals

    def write(self, title, who, event):
        """It says something else now."""
        self.versions.append((title, who))
        self.events.append(event)

    def standing(self, now):
        """The span that holds, or None."""
        return next((span for span in reversed(self.spans) if span.begins <= now), None)

    def live(self, now):
        """The span that readers read, or None."""
        span = self.standing(now)
        return span if span and span.title else None

    def scheduled(self, now):
        """The span that is to come, or None."""
        return self.spans[-1] if self.spans and self.spans[-1].begins > now else None

    def can_recall(self, now):
        """Whether nothing is scheduled, or early enough to be taken back."""
        span = self.scheduled(now)
        return span is None or span.begins - now >= MARGIN

    def issue(self, now, begins, title, event):
        """A new span in place of one that was scheduled."""
        if self.scheduled(now):
            self.spans.pop()
            self.events.append("recalled")
        self.spans.append(Span(begins, title, self.number))
        self.events.append(event)


class Office(RuleBasedStateMachine):
    """What three officers can do; all three may approve and break the glass."""

    freeze = None
    messages = Bundle("messages")

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = self.freeze(NOON)
        self.officers = [make_officer("Approvers") for _number in range(3)]
        self.desks = [Client() for _officer in self.officers]
        for desk, officer in zip(self.desks, self.officers, strict=True):
            desk.force_login(officer)
        self.models = []

    def teardown(self):
        """The next sequence begins with nothing."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tick(self, **passed):
        """Time passes; no two acts happen at one moment."""
        self.now = self.freeze(self.now + timedelta(**(passed or {"seconds": 1})))

    def stored(self, model):
        """The message of a model."""
        return Message.everything.get(pk=model.pk)

    def attempt(self, expected, act, *arguments):
        """Do `act`; it must be refused unless `expected`, and then it has changed nothing. Whether it was done."""
        before, refusal = self.snapshot(), None
        try:
            with transaction.atomic():
                act(*arguments)
        except Refused as refused:
            refusal = refused
        assert (refusal is None) == expected, f"{act.__name__}: {refusal}"
        assert refusal is None or self.snapshot() == before
        return refusal is None

    def snapshot(self):
        """All that is on record."""
        return [list(model._base_manager.order_by("pk").values()) for model in RECORD]

    def begins(self, minutes):
        """The moment `minutes` from now, as an office chooses it; now."""
        return minutes and (self.now + timedelta(minutes=minutes)).replace(second=0)

    # Writing

    @initialize(target=messages, who=WHO, title=TITLES)
    def first(self, who, title):
        """There is a message to begin with."""
        return self.write(who, title)

    @rule(target=messages, who=WHO, title=TITLES)
    def write(self, who, title):
        """Write a new message."""
        self.tick()
        assert self.desks[who].post(ADD, content(title=title)).status_code == 302
        model = Model(Message.objects.latest("pk").pk, [(title, who)])
        self.models.append(model)
        return model

    @rule(model=messages, who=WHO, title=TITLES)
    def change(self, model, who, title):
        """Save the form, with another title or the same."""
        self.tick()
        if model.is_binned:
            return
        message = self.stored(model)
        self.save(message, who, title, fields_of(self.desks[who].get(page_of(message))))
        if title != model.title:
            model.write(title, who, "changed")

    def save(self, message, who, title, opened):
        """Post a form; returns where it leads."""
        answer = self.desks[who].post(page_of(message), opened | {"title": title})
        assert answer.status_code == 302
        return answer.url

    @rule(model=messages, first=WHO, second=WHO, titles=st.lists(TITLES, min_size=2, max_size=2, unique=True))
    def save_too_late(self, model, first, second, titles):
        """Two open the form; the second to save is shown both texts, and puts them together."""
        self.tick()
        if model.is_binned or titles[0] == model.title:
            return
        message = self.stored(model)
        opened = fields_of(self.desks[second].get(page_of(message)))
        self.change(model, first, titles[0])
        before = self.snapshot()
        where = self.save(message, second, titles[1], opened)
        assert "/conflict/" in where
        assert self.snapshot() == before
        answer = self.desks[second].post(where, {"seen": model.number, "keep-title": "mine"}, follow=True)
        assert self.snapshot() == before
        self.save(message, second, titles[1], fields_of(answer))
        model.write(titles[1], second, "changed")

    @rule(model=messages, who=WHO, title=TITLES, turn=st.integers(1, 3))
    def autosave(self, model, who, title, turn):
        """Type without saving: nothing that is on record changes."""
        self.tick()
        before = self.snapshot()
        fields = as_querydict({"unsaved_token": f"{who:032x}", "title": title, "opened_version": "1"}.items())
        unsaved.keep(self.officers[who], "press-release", self.stored(model), fields, turn)
        assert self.snapshot() == before

    @rule(model=messages, who=WHO, number=st.integers(1, 6))
    def restore(self, model, who, number):
        """Bring back an earlier version."""
        self.tick()
        message = self.stored(model)
        there = number <= model.number and not model.is_binned and model.versions[number - 1][0] != model.title
        if self.attempt(there, restore, message, Seen.of(message), self.officers[who], number):
            model.write(model.versions[number - 1][0], who, "restored")

    # Review

    @rule(model=messages, who=WHO)
    def submit(self, model, who):
        """Ask for approval."""
        self.tick()
        message = self.stored(model)
        expected = not model.is_binned and not model.is_approved and model.submitted != model.number
        if self.attempt(expected, submit, message, Seen.of(message), self.officers[who]):
            model.submitted = model.number
            model.events.append("submitted")

    @rule(model=messages, who=WHO)
    def send_back(self, model, who):
        """Return it to its author."""
        self.tick()
        message = self.stored(model)
        expected = not model.is_binned and not model.is_approved and model.submitted == model.number
        if self.attempt(expected, send_back, message, Seen.of(message), self.officers[who], "Why?"):
            model.submitted = None
            model.events.append("returned")

    @rule(model=messages, who=WHO)
    def approve(self, model, who):
        """Vouch for it."""
        self.tick()
        message = self.stored(model)
        expected = not model.is_binned and not model.is_approved and model.changer != who
        if self.attempt(expected, approve, message, Seen.of(message), self.officers[who]):
            model.approvals[model.number] = who
            model.events.append("approved")

    @rule(model=messages, who=WHO)
    def sign_off(self, model, who):
        """Sign off what was released without approval."""
        self.tick()
        for glass in BrokenGlass.objects.filter(message=model.pk):
            known = next(entry for entry in model.glass if entry["pk"] == glass.pk)
            expected = not known["signed"] and known["by"] != who
            if self.attempt(expected, sign_off, glass, self.officers[who]):
                known["signed"] = True
                model.events.append("signed-off")

    # Readers

    @rule(model=messages, who=WHO, minutes=WHEN, reason=st.sampled_from(["", "Fire."]))
    def release(self, model, who, minutes, reason):
        """Release, with or without an approval."""
        self.tick()
        self.issue(model, who, minutes, reason, release, "released", not model.live(self.now))

    @rule(model=messages, who=WHO, minutes=WHEN, reason=st.sampled_from(["", "Fire."]))
    def correct(self, model, who, minutes, reason):
        """Correct what is live."""
        self.tick()
        live = model.live(self.now)
        self.issue(model, who, minutes, reason, correct, "corrected", bool(live and live.version < model.number))

    def issue(self, model, who, minutes, reason, act, event, fits):
        """Make an edition with a text."""
        message, begins = self.stored(model), self.begins(minutes)
        vouched = model.is_approved or bool(reason)
        # What takes effect before the one that is scheduled takes its place; too late is too late.
        expected = fits and vouched and not model.is_binned and model.can_recall(self.now)
        options = {"without_approval": reason}
        if not self.attempt(expected, _with(act, options), message, Seen.of(message), self.officers[who], begins):
            return
        if not model.is_approved:
            newest = BrokenGlass.objects.latest("pk")
            model.glass.append({"pk": newest.pk, "by": who, "version": model.number, "signed": False})
            model.events.append("glass-broken")
        model.issue(self.now, begins or self.now, model.title, event)

    @rule(model=messages, who=WHO)
    def recall(self, model, who):
        """Take back what is scheduled."""
        self.tick()
        message = self.stored(model)
        expected = model.scheduled(self.now) is not None and model.can_recall(self.now)
        if self.attempt(expected, recall, message, Seen.of(message), self.officers[who]):
            model.spans.pop()
            model.events.append("recalled")

    @rule(model=messages, who=WHO, minutes=WHEN, act=st.sampled_from([withdraw, retract]))
    def end(self, model, who, minutes, act):
        """Withdraw it, or take it back as published in error."""
        self.tick()
        message, begins = self.stored(model), self.begins(minutes)
        reason = ["Wrong."] if act is withdraw else []
        expected = model.live(self.now) is not None and model.can_recall(self.now)
        if self.attempt(expected, act, message, Seen.of(message), self.officers[who], *reason, begins):
            self.ended(model, begins, "withdrawn" if act is withdraw else "retracted")

    @rule(model=messages, other=messages, who=WHO, minutes=WHEN)
    def replace(self, model, other, who, minutes):
        """Lead readers to another message."""
        self.tick()
        message, begins = self.stored(model), self.begins(minutes)
        newest = other.spans[-1] if other.spans else None
        starts = newest and (len(other.spans) > 1 or newest.begins <= (begins or self.now))
        readable = model is not other and newest is not None and newest.title is not None and starts
        expected = model.live(self.now) is not None and model.can_recall(self.now) and bool(readable)
        by = self.officers[who]
        if self.attempt(expected, replace, message, Seen.of(message), by, self.stored(other), begins):
            self.ended(model, begins, "replaced")

    def ended(self, model, begins, event):
        """A span without a text; it says nothing of the version that it ends."""
        last = model.spans[-2 if model.scheduled(self.now) else -1].version
        model.issue(self.now, begins or self.now, None, event)
        model.spans[-1].version = last

    # The bin

    @rule(model=messages, who=WHO)
    def put_in_bin(self, model, who):
        """Delete a draft."""
        self.tick()
        message = self.stored(model)
        expected = not model.is_binned and not model.spans and not model.glass
        if self.attempt(expected, the_bin.put_in, message, Seen.of(message), self.officers[who]):
            model.is_binned = True
            model.events.append("binned")

    @rule(model=messages, who=WHO)
    def take_out_of_bin(self, model, who):
        """Bring it back."""
        self.tick()
        if self.attempt(model.is_binned, the_bin.take_out, self.stored(model), self.officers[who]):
            model.is_binned = False
            model.events.append("unbinned")

    @rule(model=consumes(messages))
    def delete_for_good(self, model):
        """Empty the bin of it; what was released never goes."""
        self.tick()
        if self.attempt(model.is_binned, the_bin.delete_for_good, self.stored(model)):
            self.models.remove(model)

    @rule(minutes=st.sampled_from([1, 5, 59, 60, 1440]))
    def wait(self, minutes):
        """Time passes."""
        self.tick(minutes=minutes)

    # What must always hold

    @invariant()
    def nobody_alone_speaks_for_the_mission(self):
        """Who last changed never approved; nothing is released that nobody approved or took on himself."""
        for approval in Approval.objects.all():
            version = Version.objects.get(message=approval.message_id, number=approval.version)
            assert approval.approver_id != version.by_id
            assert approval.content_sha256 == version.content_sha256 == sha256_of(version.content)
        for edition in Edition.objects.exclude(title=""):
            version = Version.objects.get(message=edition.message_id, number=edition.draft_version)
            of_version = {"message": edition.message_id, "version": edition.draft_version}
            approval = Approval.objects.filter(**of_version).first()
            assert edition.is_intact()
            assert (edition.title, edition.author_id) == (version.content["title"], version.by_id)
            assert edition.approver_id == (approval.approver_id if edition.approver_id else None)
            assert edition.approver_id or BrokenGlass.objects.filter(**of_version).exists()
            assert edition.approver_id != edition.author_id

    @invariant()
    def office_holds_what_the_model_says(self):
        """Working copies, versions and history are complete and right."""
        assert set(Message.objects.values_list("pk", flat=True)) == {m.pk for m in self.models if not m.is_binned}
        for model in self.models:
            message = self.stored(model)
            versions = list(message.versions.order_by("number"))
            wanted = [(title, self.officers[who].pk) for title, who in model.versions]
            assert [version.number for version in versions] == list(range(1, message.version + 1))
            assert [(version.content["title"], version.by_id) for version in versions] == wanted
            assert all(old.content != new.content for old, new in pairwise(versions))
            assert versions[-1].content == as_data(content_of(message))
            assert message.changed_by_id == wanted[-1][1]
            assert list(message.events.order_by("pk").values_list("what", flat=True)) == model.events

    @invariant()
    def readers_see_what_the_model_says(self):
        """What is live now, and at each moment to come."""
        moments = {self.now, *(span.begins for model in self.models for span in model.spans if span.begins > self.now)}
        for at in moments:
            seen = set(Edition.objects.live(at).values_list("message", "title"))
            assert seen == {(model.pk, span.title) for model in self.models if (span := model.live(at))}

    @invariant()
    def database_agrees(self):
        """Its deferred constraints too; and unsaved texts are nobody else's."""
        connection.check_constraints()
        assert Unsaved.objects.exclude(officer__in=self.officers).count() == 0


def _with(act, options):
    def acting(*arguments):
        return act(*arguments, **options)

    acting.__name__ = act.__name__
    return acting


def sequences(count, freeze, settings_of_django):
    """Run so many sequences of acts."""
    settings_of_django.FOUR_EYES = True
    machine = type("Machine", (Office,), {"freeze": staticmethod(freeze)})
    chosen = settings(
        max_examples=count,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.django_db
def test_three_officers_never_break_a_rule(freeze, settings):
    sequences(8, freeze, settings)


@pytest.mark.prove
@pytest.mark.django_db
def test_three_officers_never_break_a_rule_in_a_thousand_sequences(freeze, settings):
    sequences(1000, freeze, settings)
