"""Two officers press at once: on two real connections, the later one waits and then sees what was done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from embassy import clock
from press import featuring
from press.acts import Refused, Seen
from press.models import Address, BrokenGlass, Edition, Feature
from press.recall import recall
from press.release import correct, release
from press.review import sign_off
from press.withdraw import replace, withdraw
from tests.locks import wait_until_another_waits_for_us
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(act, *arguments):
    """What comes of an act on a connection of its own: the edition, or the refusal."""
    try:
        return act(*arguments)
    except Refused as refusal:
        return refusal
    finally:
        connection.close()


def at_once(first, second):
    """Do `first` (an act and its arguments) and, before it is committed, `second`; return both outcomes."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first[0](*first[1:])
            other = pool.submit(outcome, *second)
            wait_until_another_waits_for_us()
        return done, other.result()


def in_five_minutes():
    return (clock.now() + timedelta(minutes=5)).replace(second=0, microsecond=0)


def test_two_releases_at_once_make_one_edition():
    message, releaser = make_message(), make_officer()
    seen = Seen.of(message)

    edition, refusal = at_once((release, message, seen, releaser), (release, message, seen, releaser))

    assert isinstance(refusal, Refused)
    assert list(Edition.objects.all()) == [edition]


def test_two_schedules_at_once_keep_the_first():
    message, releaser = make_message(), make_officer()
    seen, at = Seen.of(message), in_five_minutes()

    edition, refusal = at_once(
        (release, message, seen, releaser, at), (release, message, seen, releaser, at + timedelta(minutes=1))
    )

    assert isinstance(refusal, Refused)
    assert list(Edition.objects.values_list("pk", "live_from")) == [(edition.pk, at)]


@pytest.mark.parametrize("later", ["correct", "withdraw"])
def test_correction_at_once_with_another_act_keeps_the_first(later):
    message, officer = make_live(), make_officer()
    change(message, title="Another title")
    seen = Seen.of(message)
    other = {"correct": (correct, message, seen, officer), "withdraw": (withdraw, message, seen, officer, "Why")}

    _edition, refusal = at_once((correct, message, seen, officer), other[later])

    assert isinstance(refusal, Refused)
    assert list(Edition.objects.order_by("number").values_list("act", flat=True)) == ["release", "correct"]


def test_recall_at_once_with_a_release_keeps_the_first():
    message, officer = make_live(at=in_five_minutes()), make_officer()
    seen = Seen.of(message)

    _recalled, refusal = at_once((recall, message, seen, officer), (release, message, seen, officer))

    assert isinstance(refusal, Refused)
    assert not Edition.objects.exists()


def test_two_messages_of_one_title_released_at_once_get_two_addresses():
    officer = make_officer()
    one, two = make_message(title="Closed on Monday"), make_message(title="Closed on Monday")

    first, second = at_once((release, one, Seen.of(one), officer), (release, two, Seen.of(two), officer))

    assert (first.address.slug, second.address.slug) == ("closed-on-monday", "closed-on-monday-2")
    assert Address.objects.count() == 2


def test_two_messages_that_would_replace_each_other_at_once_leave_one_to_read():
    officer = make_officer()
    one, two = make_live(), make_live()

    _edition, refusal = at_once((replace, one, Seen.of(one), officer, two), (replace, two, Seen.of(two), officer, one))

    assert isinstance(refusal, Refused)
    assert [edition.message_id for edition in Edition.objects.live(clock.now())] == [two.pk]


def test_two_who_sign_off_at_once_leave_the_first_ones_name(settings):
    settings.FOUR_EYES = True
    message, first, second = make_message(), make_officer("Approvers"), make_officer("Approvers")
    release(message, Seen.of(message), message.author, without_approval="The telephone did not stop ringing.")
    glass = BrokenGlass.objects.get()

    _signed, refusal = at_once((sign_off, glass, first), (sign_off, glass, second))

    assert isinstance(refusal, Refused)
    assert BrokenGlass.objects.get().signed_off_by == first


def test_message_featured_twice_at_once_stands_on_home_once():
    message, officer = make_live(), make_officer()
    until = in_five_minutes()

    _first, second = at_once(
        (featuring.feature, message, officer, until),
        (featuring.feature, message, officer, until + timedelta(minutes=1)),
    )

    assert list(Feature.objects.holding(clock.database_now())) == [second]


def test_feature_ended_twice_at_once_ends_the_first_time():
    officer = make_officer()
    feature = featuring.feature(make_live(), officer, in_five_minutes())

    first, second = at_once((featuring.end, feature.pk, officer), (featuring.end, feature.pk, officer))

    assert second is None
    assert Feature.objects.get().ends_at == first.ends_at


def test_moments_of_acts_follow_each_other_though_the_later_one_began_earlier():
    """The time is taken under the lock: else the second correction would begin before the first."""
    message, officer = make_live(), make_officer()
    change(message, title="Another title")

    def correct_again():
        with transaction.atomic():
            Edition.objects.count()
            return correct(message, Seen(message.version, Edition.objects.get().pk), officer)

    first, refusal = at_once((correct, message, Seen.of(message), officer), (correct_again,))

    assert isinstance(refusal, Refused)
    assert Edition.objects.get(number=1).live_until == first.live_from


def test_failure_in_the_middle_of_an_act_leaves_nothing(monkeypatch):
    message, officer = make_message(), make_officer()
    monkeypatch.setattr("press.models.Edition.seal", lambda edition: None)

    with pytest.raises(IntegrityError):
        release(message, Seen.of(message), officer)

    assert not Edition.objects.exists()
    assert not Address.objects.exists()
