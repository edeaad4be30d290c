from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.test import Client, override_settings
from django.urls import reverse

from press.acts import Seen
from press.models import BrokenGlass, Edition
from press.review import approve, submit
from tests.press.admin.desk import act, content, page_of, told
from tests.press.factory import change, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def four_eyes(freeze, settings):
    """It is noon in London, and nobody alone releases anything."""
    settings.FOUR_EYES = True
    freeze(NOON)


@pytest.fixture
def approver(officer):
    """Another member of staff, who approves."""
    return make_officer("Approvers", first_name="Boris", last_name="Lvov", email="lvov@example.org")


@pytest.fixture
def approvers_desk(approver):
    """A browser in which the approver is signed in."""
    client = Client()
    client.force_login(approver)
    return client


def labels(client, message):
    return [str(label) for label, _url in client.get(page_of(message)).context["tools"]]


def text_of(response):
    return response.content.decode()


def test_message_goes_from_draft_to_release_by_two_people(desk, approvers_desk, officer, approver):
    desk.post(reverse("admin:press_pressrelease_add"), content(title="A visit"))
    message = officer.messages_written.get()
    assert labels(desk, message) == [
        "Preview",
        "Pictures and files (0)…",
        "Submit…",
        "Release…",
        "Translation…",
        "Share the draft…",
    ]

    assert told(act(desk, message, "submit")) == ["Submitted for approval."]
    assert labels(approvers_desk, message) == [
        "Preview",
        "Pictures and files (0)…",
        "Approve…",
        "Send back…",
        "Release…",
        "Translation…",
        "Share the draft…",
    ]
    assert "A visit" in text_of(approvers_desk.get(reverse("admin:index")))
    assert told(act(approvers_desk, message, "approve")) == ["Approved."]
    page = text_of(desk.get(page_of(message, "release")))
    assert "Approved by Boris Lvov." in page
    act(desk, message, "release")

    edition = Edition.objects.live(NOON).get()
    assert (edition.author, edition.approver, edition.releaser) == (officer, approver, officer)
    history = [(event.what, event.by) for event in message.events.order_by("pk")]
    assert history == [("written", officer), ("submitted", officer), ("approved", approver), ("released", officer)]


def test_release_of_what_nobody_approved_is_not_offered_and_refused(desk, officer):
    message = make_message(by=officer)

    page = desk.get(page_of(message, "release"))
    assert "Nobody has approved this text." in text_of(page)
    assert 'name="confirmed"' not in text_of(page)
    answer = act(desk, message, "release", without_approval="I may not say so.")

    assert "Nobody has approved this text." in text_of(answer)
    assert not Edition.objects.exists()


def test_author_is_not_offered_to_approve_and_gets_403(client, approver):
    message = make_message(by=approver)
    client.force_login(approver)

    assert "Approve…" not in labels(client, message)
    assert client.get(page_of(message, "approve")).status_code == 403
    assert client.post(page_of(message, "approve"), {"confirmed": "now"}).status_code == 403


def test_officer_does_not_approve_send_back_or_sign_off(desk):
    message = make_message()
    submit(message, Seen.of(message), message.author)

    for page in ("approve", "send_back", "sign_off"):
        assert desk.get(page_of(message, page)).status_code == 403


def test_change_voids_the_approval_visibly(desk, officer, approver):
    message = make_message(by=officer)
    approve(message, Seen.of(message), approver)
    assert "approved by Boris Lvov" in text_of(desk.get(page_of(message)))

    change(message, body="<p>Changed.</p>")

    assert "approved by" not in text_of(desk.get(page_of(message)))
    assert "Submit…" in labels(desk, message)


def test_text_sent_back_shows_the_remark_to_its_author(desk, approvers_desk, officer):
    message = make_message(by=officer)
    act(desk, message, "submit")

    act(approvers_desk, message, "send_back", remark="Name the hall.")

    page = text_of(desk.get(page_of(message)))
    assert "Name the hall." in page
    assert "Submit…" in labels(desk, message)


def test_duty_officer_releases_without_approval_and_another_signs_it_off(
    desk, approvers_desk, officer, approver, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("embassy.mail.send", lambda message: message.send())
    officer.groups.add(Group.objects.get(name="Duty officers"))
    message = make_message(by=officer, title="A fire")

    assert "the approvers are told" in text_of(desk.get(page_of(message, "release")))
    with django_capture_on_commit_callbacks(execute=True):
        act(desk, message, "release", without_approval="Smoke in the street.")

    (sent,) = outbox.outbox
    assert (sent.bcc, sent.subject) == (["lvov@example.org"], "Released without approval: A fire")
    assert "Smoke in the street." in sent.body
    assert f"https://press.example.org{page_of(message)}" in sent.body
    assert "Smoke in the street." in text_of(approvers_desk.get(reverse("admin:index")))
    assert "Sign off…" not in labels(desk, message)
    act(approvers_desk, message, "sign_off")
    assert BrokenGlass.objects.get().signed_off_by == approver
    assert "Smoke in the street." not in text_of(approvers_desk.get(reverse("admin:index")))


def test_duty_officer_must_give_a_reason(desk, officer):
    officer.groups.add(Group.objects.get(name="Duty officers"))
    message = make_message(by=officer)

    answer = act(desk, message, "release", without_approval=" ")

    assert answer.context["form"].errors == {"without_approval": ["This field is required."]}
    assert not BrokenGlass.objects.exists()


def test_pages_retract_and_replace(desk, freeze, officer):
    wrong, old, new = (make_live_past_review(title=title) for title in ("Wrong", "Old", "New"))
    freeze(NOON + timedelta(minutes=1))

    act(desk, wrong, "retract")
    refused = act(desk, old, "replace", replacement="https://press.example.org/messages/2026/05/12/nothing/")
    assert "There is no message at this address." in text_of(refused)
    act(desk, old, "replace", replacement="https://press.example.org/messages/2026/05/12/new/")

    newest = {message.title: message.editions.latest("number") for message in (wrong, old)}
    assert newest["Wrong"].act == "retract"
    assert (newest["Old"].act, newest["Old"].replaced_by) == ("replace", new)


def make_live_past_review(**fields):
    """A live message; its release is not what the test is about."""
    with override_settings(FOUR_EYES=False):
        return make_live(**fields)


def test_index_shows_what_is_the_officers_to_do_and_what_readers_see_next(desk, officer, freeze):
    make_message(by=officer, title="My draft")
    make_message(title="Her draft")
    make_live_past_review(title="On the site", by=officer)
    make_live_past_review(title="To come", at=NOON + timedelta(hours=2))
    freeze(NOON + timedelta(minutes=1))

    page = text_of(desk.get(reverse("admin:index")))
    assert "Her draft" not in page
    for shown in ("My draft", "On the site", "To come", "12 May 2026 at 14:00 London, 16:00 Moscow"):
        assert shown in page


def test_index_costs_the_same_at_any_number(desk, officer, django_assert_num_queries):
    def cost(limit):
        with django_assert_num_queries(limit):
            desk.get(reverse("admin:index"))

    for _number in range(3):
        make_message(by=officer)
        make_live_past_review(at=NOON + timedelta(hours=2))
    cost(13)
    for _number in range(9):
        make_message(by=officer)
        make_live_past_review(at=NOON + timedelta(hours=2))
    cost(13)


def test_office_of_one_sees_nothing_of_the_review(desk, officer, settings):
    settings.FOUR_EYES = False
    message = make_message(by=officer)

    assert labels(desk, message) == [
        "Preview",
        "Pictures and files (0)…",
        "Release…",
        "Translation…",
        "Share the draft…",
    ]
    act(desk, message, "release")
    assert Edition.objects.live(NOON).exists()


def test_grace_period_is_said_and_held(desk, officer, settings):
    settings.FOUR_EYES = False
    settings.GRACE_MINUTES = 10
    message = make_message(by=officer)

    page = text_of(desk.get(page_of(message, "release")))
    assert "goes live on 12 May 2026 at 12:10 London, 14:10 Moscow and can be recalled until then" in page
    answer = act(desk, message, "release")

    assert any("Scheduled for 12 May 2026 at 12:10 London" in sentence for sentence in told(answer))
    assert not Edition.objects.live(NOON).exists()
