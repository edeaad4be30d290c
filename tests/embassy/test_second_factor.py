"""The second factor: asked for at every way in, given once with each code, lost and found again."""

import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from embassy.models import AuditRecord, RecoveryCodes, Telephone
from tests.press.admin.desk import page_of
from tests.press.factory import make_message, make_officer

pytestmark = pytest.mark.django_db

CODE, SET_UP, CODES, OVERVIEW = (f"/admin/second-factor/{page}" for page in ("code/", "set-up/", "recovery-codes/", ""))


@pytest.fixture
def anna():
    return make_officer(first_name="Anna")


@pytest.fixture
def telephone(anna):
    return Telephone.objects.create(user=anna, name="telephone", confirmed=True)


@pytest.fixture
def half_in(client, anna, telephone):
    """A browser in which Anna has given name and password, and no code."""
    client.post("/admin/login/", {"username": anna.username, "password": "correct horse"})
    return client


@pytest.fixture(autouse=True)
def minute(monkeypatch):
    """The telephone's and the server's clock, in Unix seconds; a list of one."""
    now = [time.time()]
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time", SimpleNamespace(time=lambda: now[0]))
    return now


def shown(telephone, now):
    """The code that the app shows."""
    telephone.refresh_from_db()
    totp = TOTP(telephone.bin_key, telephone.step, telephone.t0, telephone.digits)
    totp.time = now[0]
    return f"{totp.token():06d}"


def enter(client, code, **fields):
    return client.post(CODE, {"code": code, **fields})


def forgive(telephone):
    """Let the pause after a wrong code be over."""
    Telephone.objects.filter(pk=telephone.pk).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def recorded():
    return list(
        AuditRecord.objects.filter(what__regex="second-factor|recovery").order_by("pk").values_list("what", flat=True)
    )


def set_up(client, minute):
    """Set a telephone up as an officer does; returns it and the recovery codes."""
    client.get(SET_UP)
    new = Telephone.objects.get(confirmed=False)
    answer = client.post(SET_UP, {"code": shown(new, minute)})
    return new, answer.context["codes"]


def test_password_alone_opens_nothing(half_in, anna):
    message = make_message(by=anna)
    pages = ["/admin/", page_of(message), page_of(message, "preview"), page_of(message, "release")]
    pages += ["/admin/password_change/", "/admin/jsi18n/", OVERVIEW]

    for page in pages:
        for answer in (half_in.get(page), half_in.post(page, {"confirmed": "now"})):
            assert answer.status_code == 302, page
            assert answer.url.startswith(("/admin/login/?next=", CODE)), page
    assert half_in.post(CODES).url == CODE


def test_code_from_the_telephone_opens_the_office(half_in, telephone, minute):
    asked = half_in.get("/admin/press/statement/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{CODE}?next=%2Fadmin%2Fpress%2Fstatement%2F"

    answer = enter(half_in, shown(telephone, minute), next="/admin/press/statement/")

    assert answer.url == "/admin/press/statement/"
    assert half_in.get("/admin/").status_code == 200
    assert recorded() == ["second-factor-given"]


def test_code_serves_once(half_in, anna, telephone, minute):
    code = shown(telephone, minute)
    enter(half_in, code)
    again = Client()
    again.post("/admin/login/", {"username": anna.username, "password": "correct horse"})

    answer = enter(again, code)

    assert "This code is not right." in answer.text
    assert again.get("/admin/").status_code == 302


WRONG = ["000000", "", "abcdef", "１２３４５６", "1" * 40, "-" * 40, "0" * 500, "\x00", "٣٤٥٦٧٨"]


@pytest.mark.parametrize("code", WRONG)
def test_wrong_code_opens_nothing(half_in, telephone, code):
    assert enter(half_in, code).status_code == 200

    assert half_in.get("/admin/").status_code == 302


def test_guessing_is_slowed_down_but_not_for_ever(half_in, telephone, minute):
    for _ in range(30):
        wrong = enter(half_in, "000000")
        Telephone.objects.update(throttling_failure_timestamp=None)

    telephone.refresh_from_db()
    assert telephone.throttling_failure_count == Telephone.MOST_FAILURES
    wrong = enter(half_in, "000000")
    assert "The next one is looked at in " in wrong.text
    right = enter(half_in, shown(telephone, minute))
    assert right.status_code == 200
    forgive(telephone)
    assert enter(half_in, shown(telephone, minute)).status_code == 302


def test_new_session_key_comes_with_the_code(half_in, telephone, minute):
    before = half_in.session.session_key

    enter(half_in, shown(telephone, minute))

    assert half_in.session.session_key != before


ELSEWHERE = ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_code_page_leads_nowhere_else(half_in, telephone, minute, wanted):
    assert enter(half_in, shown(telephone, minute), next=wanted).url == "/admin/"


def test_who_is_half_in_may_leave(half_in):
    half_in.post("/admin/logout/")

    assert "_auth_user_id" not in half_in.session


def test_setting_up_gives_codes_and_ends_the_other_sessions(client, anna, minute):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(anna)

    page = client.get(SET_UP)
    new = Telephone.objects.get()
    assert "viewBox" in page.text.partition('class="second-factor-picture"')[2].partition("</div>")[0]
    assert "style=" not in page.text
    assert client.post(SET_UP, {"code": "000000"}).status_code == 200
    forgive(new)
    new, codes = set_up(client, minute)

    assert len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    new.refresh_from_db()
    assert new.confirmed
    kept = repr(RecoveryCodes.objects.values().get())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert recorded()[-2:] == ["recovery-codes-made", "second-factor-set-up"]


def test_recovery_code_opens_the_office_once(client, anna, minute):
    client.force_login(anna)
    _telephone, codes = set_up(client, minute)

    found = []
    for code in (codes[0].upper(), codes[0], codes[1].replace("-", " ")):
        lost = Client()
        lost.post("/admin/login/", {"username": anna.username, "password": "correct horse"})
        found.append(enter(lost, code).status_code)
        forgive(_telephone)

    assert found == [302, 200, 302]
    assert "8 recovery codes are left" in client.get(OVERVIEW).text


def test_new_recovery_codes_replace_the_old_ones(client, anna, minute):
    client.force_login(anna)
    _telephone, old = set_up(client, minute)

    new = client.post(CODES).context["codes"]

    lost = Client()
    lost.post("/admin/login/", {"username": anna.username, "password": "correct horse"})
    assert enter(lost, old[0]).status_code == 200
    assert enter(lost, new[0]).status_code == 302
    assert client.get(CODES).status_code == 405


def test_another_telephone_takes_the_place_of_the_first(client, anna, minute):
    client.force_login(anna)
    set_up(client, minute)
    minute[0] += 60

    second, _codes = set_up(client, minute)

    assert list(Telephone.objects.all()) == [second]
    assert client.get("/admin/").status_code == 200


def test_who_is_half_in_sets_no_other_telephone_up(half_in, telephone, minute):
    new = Telephone.objects.create(user=telephone.user, confirmed=False)

    answer = half_in.post(SET_UP, {"code": shown(new, minute)})

    assert answer.url == CODE
    new.refresh_from_db()
    assert not new.confirmed


@pytest.mark.parametrize(
    ("group", "required"), [("Officers", True), ("Approvers", True), ("Duty officers", True), (None, False)]
)
def test_powerful_accounts_must_set_one_up_where_the_setting_says_so(client, settings, group, required):
    settings.SECOND_FACTOR = True
    user = make_officer(group) if group else User.objects.create_user("guest", is_staff=True)
    client.force_login(user)

    answer = client.get("/admin/", follow=True)

    path = answer.redirect_chain[-1][0] if answer.redirect_chain else "/admin/"
    assert path == (SET_UP if required else "/admin/")


def test_administrator_must_set_one_up_and_is_then_in(client, settings, minute):
    settings.SECOND_FACTOR = True
    client.force_login(User.objects.create_superuser("administrator"))
    assert client.get("/admin/auth/user/").status_code == 302

    set_up(client, minute)

    assert client.get("/admin/auth/user/").status_code == 200


def test_right_that_is_given_asks_at_once(client, settings):
    settings.SECOND_FACTOR = True
    user = User.objects.create_user("guest", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200

    user.groups.add(make_officer().groups.get())

    assert client.get("/admin/").status_code == 302


def test_new_password_by_mail_does_not_go_past_it(client, anna, telephone):
    anna.set_password("a new and long pass phrase")
    anna.save()

    client.post("/admin/login/", {"username": anna.username, "password": "a new and long pass phrase"})

    assert client.get("/admin/").status_code == 302


def test_administrator_takes_a_colleagues_away(client, anna, half_in, telephone, minute):
    enter(half_in, shown(telephone, minute))
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("administrator"))
    page = reverse("admin:auth_user_second_factor", args=[anna.pk])
    assert page in administrator.get(reverse("admin:auth_user_change", args=[anna.pk])).text

    assert "is taken away" in administrator.get(page).text
    assert Telephone.objects.exists()
    administrator.post(page)

    assert not Telephone.objects.exists()
    assert half_in.get("/admin/").url == "/admin/login/?next=/admin/"
    last = AuditRecord.objects.first()
    assert (last.what, last.by.username, last.about) == ("second-factor-reset", "administrator", anna)


def test_nobody_else_takes_one_away(client, anna, telephone):
    boris = make_officer()
    administrator = User.objects.create_superuser("administrator")
    for user, about in [(boris, anna), (boris, boris), (administrator, administrator)]:
        client.force_login(user)
        assert client.post(reverse("admin:auth_user_second_factor", args=[about.pk])).status_code == 403

    assert Telephone.objects.exists()
    client.force_login(administrator)
    assert client.post(reverse("admin:auth_user_second_factor", args=[10**6])).status_code == 404


def test_last_administrator_is_helped_by_an_operator(anna, telephone):
    call_command("reset_second_factor", anna.username)

    assert not Telephone.objects.exists()
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", anna.username)
    with pytest.raises(CommandError, match="There is no account nobody"):
        call_command("reset_second_factor", "nobody")


def test_office_lists_no_secrets(client, telephone):
    client.force_login(User.objects.create_superuser("administrator"))

    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert "otp_totp" not in client.get("/admin/").text


def test_strangers_are_asked_for_the_password_first(client):
    for page in (CODE, SET_UP, OVERVIEW):
        assert client.get(page).url == f"/admin/login/?next={page}"


def test_office_without_one_costs_no_query_more(client, anna, django_assert_num_queries):
    client.force_login(anna)
    client.get("/admin/second-factor/")

    # Session, user; the telephone, the passkeys and the codes that the page is about; and the list of sections' rights.
    with django_assert_num_queries(7):
        client.get(OVERVIEW)
