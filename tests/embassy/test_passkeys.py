"""Passkeys: added, asked for after the password, refused where an answer is not right, taken away."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from fido2.cose import ES384

from embassy import clock, passkeys
from embassy.models import AuditRecord, Passkey, RecoveryCodes, Telephone
from embassy.sessions import SessionStore
from tests.authenticator import FLAG, TYPES, Authenticator
from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

OVERVIEW, CODE = "/admin/second-factor/", "/admin/second-factor/code/"
ASK_TO_SIGN, ADD = f"{CODE}passkey/", "/admin/second-factor/passkeys/add/"
ASK_TO_MAKE = f"{ADD}options/"


@pytest.fixture
def anna():
    return make_officer(first_name="Anna")


def within(user, key=None):
    """A browser in which `user` is wholly in: without a second factor, or by the passkey of `key`."""
    client = Client()
    client.force_login(user)
    if key:
        assert send(client, key.sign(asked(client))).status_code == 302
    return client


def half_in(user):
    """A browser in which `user` has given name and password."""
    client = Client()
    client.post("/admin/login/", {"username": user.username, "password": "correct horse"})
    return client


def asked(client, where=ASK_TO_SIGN):
    return client.post(where).json()


def add(client, key, name="Key ring", **lies):
    return client.post(ADD, {"name": name, "answer": key.make(asked(client, ASK_TO_MAKE), **lies)})


def send(client, answer, **fields):
    return client.post(CODE, {"answer": answer, **fields})


def added(user, key=None, name="Key ring", **about):
    """`key`, as if `user` had added it long ago."""
    key = key or Authenticator()
    made = json.loads(key.make({"publicKey": {"challenge": "AAAA"}}))
    read = passkeys._site().read_made(json.dumps(made), "AAAA")
    about = {"sign_count": read.sign_count, "transports": read.transports, **about}
    Passkey.objects.create(
        user=user,
        name=name,
        credential_id=read.credential_id,
        public_key=read.public_key,
        added_at=clock.now(),
        **about,
    )
    return key


@pytest.fixture
def key(anna):
    """An authenticator whose key pair is Anna's passkey."""
    return added(anna)


def forgive():
    """Let the pause after a failure be over."""
    Passkey.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def recorded():
    rows = AuditRecord.objects.filter(what__regex="second-factor|recovery").order_by("pk")
    return [(row.what, row.details) for row in rows]


def test_first_passkey_comes_with_recovery_codes_and_ends_the_other_sessions(anna):
    client, elsewhere = within(anna), within(anna)

    answer = add(client, Authenticator(count=7))

    assert len(answer.context["codes"]) == 10
    passkey = Passkey.objects.get()
    assert (passkey.user, passkey.name, passkey.sign_count, passkey.transports) == (anna, "Key ring", 7, ["usb"])
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert recorded() == [("recovery-codes-made", {}), ("second-factor-set-up", {"passkey": "Key ring"})]


def test_browser_is_asked_for_no_more_than_is_needed(anna, key):
    client = within(anna, key)

    made, signed = (asked(client, where)["publicKey"] for where in (ASK_TO_MAKE, ASK_TO_SIGN))

    known = [{"type": "public-key", "id": json.loads(key.sign({"publicKey": signed}))["id"], "transports": ["usb"]}]
    assert made["rp"] == {"id": "press.example.org", "name": "Embassy Press Office"}
    assert (made["user"]["name"], made["user"]["displayName"]) == (anna.username, "Anna")
    assert (made["attestation"], made["timeout"], made["excludeCredentials"]) == ("none", 300_000, known)
    assert made["authenticatorSelection"]["userVerification"] == "preferred"
    assert [each["alg"] for each in made["pubKeyCredParams"]] == [-7, -8, -257]
    assert (signed["rpId"], signed["allowCredentials"], signed["userVerification"]) == (
        "press.example.org",
        known,
        "preferred",
    )


def test_passkey_opens_the_office_after_the_password(anna, key):
    client = half_in(anna)
    assert client.get("/admin/press/statement/", follow=True).redirect_chain[-1][0].startswith(CODE)
    before = client.session.session_key

    answer = send(client, key.sign(asked(client)), next="/admin/press/statement/")

    assert answer.url == "/admin/press/statement/"
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != before
    passkey = Passkey.objects.get()
    assert (passkey.sign_count, passkey.used_at is None) == (1, False)
    assert recorded() == [("second-factor-given", {"passkey": "Key ring"})]


def test_device_that_neither_counts_nor_verifies_is_taken_again_and_again(anna):
    key = added(anna, Authenticator(count=None))

    for _ in range(2):
        client = half_in(anna)
        assert send(client, key.sign(asked(client), flags=FLAG.UP)).status_code == 302


def refused(client, answer, anna):
    """Send `answer`, which is refused; returns why, as the audit log has it. Nothing is opened."""
    page = send(client, answer)
    assert page.status_code == 200
    assert DEVICE_ID_SESSION_KEY not in client.session
    last = AuditRecord.objects.first()
    assert (last.what, last.about) == ("second-factor-refused", anna)
    assert page.context["refusal"] == passkeys.Fault(last.details["why"]).label
    assert Passkey.objects.filter(throttling_failure_count=1).count() == Passkey.objects.count()
    forgive()
    return last.details


LIES = [
    {"origin": "https://press.example.org.evil.example"},
    {"origin": "http://press.example.org"},
    {"origin": "https://desk.press.example.org"},
    {"challenge": b"c" * 32},
    {"type": TYPES.CREATE},
    {"flags": FLAG.UV},
    {"cross_origin": True},
]


def test_answer_to_another_question_is_refused(anna, key):
    client = half_in(anna)

    for lie in LIES:
        details = refused(client, key.sign(asked(client), **lie), anna)
        assert details == {"passkey": "Key ring", "why": "wrong"}, lie


def test_answer_for_another_site_is_refused(anna, key):
    client = half_in(anna)
    key.site = "evil.example"

    assert refused(client, key.sign(asked(client)), anna)["why"] == "wrong"


def test_answer_signed_by_another_key_is_refused(anna, key):
    client, other = half_in(anna), Authenticator()
    other.credential_id = key.credential_id

    assert refused(client, other.sign(asked(client)), anna)["why"] == "wrong"


def test_passkey_of_somebody_else_is_refused(anna, key):
    other = added(make_officer())
    client = half_in(anna)
    details = send(client, other.sign(asked(client))).context["refusal"], AuditRecord.objects.first().details

    assert details == (passkeys.Fault.UNKNOWN.label, {"why": "unknown"})
    assert client.get("/admin/").status_code == 302
    # It is Anna's failure.
    assert Passkey.objects.get(user=anna).throttling_failure_count == 1
    assert Passkey.objects.exclude(user=anna).get().throttling_failure_count == 0


def test_answer_serves_once(anna, key):
    client = half_in(anna)
    answer = key.sign(asked(client))
    send(client, answer)
    client.post("/admin/logout/")
    client.post("/admin/login/", {"username": anna.username, "password": "correct horse"})

    assert refused(client, answer, anna)["why"] == "late"
    asked(client)
    assert refused(client, answer, anna)["why"] == "wrong"


def test_answer_that_comes_twice_at_once_serves_once(anna):
    key = added(anna, Authenticator(count=None))
    client = half_in(anna)
    answer = key.sign(asked(client))
    requests = [RequestFactory().post(CODE) for _ in range(2)]
    for request in requests:
        request.user, request.session = anna, SessionStore(client.session.session_key)
        assert passkeys.ASKED in request.session

    assert [passkeys.give(request, answer) for request in requests] == ["", passkeys.Fault.LATE.label]


def test_answer_serves_in_its_own_session_only(anna, key):
    asked_one, other = half_in(anna), half_in(anna)
    answer = key.sign(asked(asked_one))
    asked(other)

    assert refused(other, answer, anna)["why"] == "wrong"


@pytest.mark.parametrize(("seconds", "status"), [(299, 302), (301, 200)])
def test_answer_comes_within_five_minutes(anna, key, monkeypatch, seconds, status):
    client = half_in(anna)
    answer = key.sign(asked(client))
    later = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert send(client, answer).status_code == status


def test_copy_is_told_by_its_counter(anna):
    key = added(anna, Authenticator(count=40))
    client = half_in(anna)
    send(client, key.sign(asked(client)))
    key.count = 40
    client = half_in(anna)

    assert refused(client, key.sign(asked(client)), anna) == {"passkey": "Key ring", "why": "counter"}
    assert Passkey.objects.get().sign_count == 41


RUBBISH = ["x", "null", "[]", "{}", "[" * 9000, '{"id": 1}', '{"rawId": "AA", "response": {}}', "\x00", "0" * 30_000]


def test_rubbish_is_refused(anna, key):
    client, anew = half_in(anna), within(make_officer())

    for answer in RUBBISH:
        asked(client)
        assert refused(client, answer, anna)["why"] == "wrong"
    for answer in RUBBISH[4:7]:
        asked(anew, ASK_TO_MAKE)
        page = anew.post(ADD, {"name": "Key ring", "answer": answer})
        assert page.context["refusal"] == passkeys.Fault.WRONG.label

    assert client.get("/admin/").status_code == 302
    assert Passkey.objects.count() == 1


def test_failures_are_slowed_down_but_not_for_long(anna, key):
    client = half_in(anna)
    for _ in range(Passkey.MOST_FAILURES + 1):
        send(client, "x")
        Passkey.objects.update(throttling_failure_timestamp=None)
    send(client, "x")

    page = send(client, key.sign(asked(client)))

    assert "After a failure a passkey is looked at again in 16 seconds." in page.text
    assert recorded()[-1] == ("second-factor-refused", {"why": "pause"})
    forgive()
    assert send(client, key.sign(asked(client))).status_code == 302


def test_passkey_that_answers_another_question_is_not_added(anna):
    client = within(anna)

    for lie in LIES:
        page = add(client, Authenticator(), **({"type": TYPES.GET} if "type" in lie else lie))
        assert page.context["refusal"] == passkeys.Fault.WRONG.label, lie

    assert not Passkey.objects.exists()


def test_passkey_is_added_once_in_time_and_with_a_key_that_was_asked_for(anna, monkeypatch):
    client, key = within(anna), Authenticator()
    answer = key.make(asked(client, ASK_TO_MAKE))
    post = {"name": "Key ring", "answer": answer}

    unasked = Authenticator().make(asked(client, ASK_TO_MAKE), key=ES384({1: 2, 3: ES384.ALGORITHM}))
    assert client.post(ADD, {**post, "answer": unasked}).context["refusal"] == passkeys.Fault.WRONG.label
    assert client.post(ADD, post).context["refusal"] == passkeys.Fault.LATE.label
    key.credential_id = b"a" * 1024
    assert add(client, key).context["refusal"] == passkeys.Fault.WRONG.label
    assert not Passkey.objects.exists()


def test_passkey_belongs_to_one_officer(anna, key):
    boris = within(make_officer())

    assert "This passkey is already in use." in add(boris, key).text

    passkey = Passkey.objects.get()
    passkey.pk, passkey.user = None, make_officer()
    with pytest.raises(IntegrityError, match="passkey_of_one"), transaction.atomic():
        passkey.save(force_insert=True)


def test_another_passkey_leaves_the_recovery_codes(anna):
    client = within(anna)
    add(client, Authenticator())
    codes = RecoveryCodes.objects.get().hashes

    assert add(client, Authenticator(), "Laptop").url == OVERVIEW

    assert RecoveryCodes.objects.get().hashes == codes
    page = client.get(OVERVIEW).text
    assert page.index("Passkey “Key ring”, added on") < page.index("Passkey “Laptop”, added on")


def test_recovery_code_opens_the_office_where_the_passkey_is_lost(anna):
    codes = add(within(anna), Authenticator()).context["codes"]
    client = half_in(anna)
    assert "Without it, type one of your recovery codes." in client.get(CODE).text

    wrong = client.post(CODE, {"code": "000000"})

    assert "This code is not right." in wrong.text
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_password_alone_adds_and_takes_nothing_away(anna, key):
    client = half_in(anna)
    answer = Authenticator().make(asked(within(anna, key), ASK_TO_MAKE))
    passkey = Passkey.objects.get()
    taking = reverse("second_factor_passkey_remove", args=[passkey.pk])

    for page in (ADD, ASK_TO_MAKE, "/admin/second-factor/set-up/", taking):
        assert client.post(page, {"name": "Mine", "answer": answer}).url == CODE

    assert list(Passkey.objects.all()) == [passkey]


def test_passkey_is_all_that_powerful_accounts_need(settings):
    settings.SECOND_FACTOR = True
    client = half_in(make_officer())
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/admin/second-factor/set-up/"
    assert ADD in client.get("/admin/second-factor/set-up/").text

    add(client, Authenticator())

    assert client.get("/admin/").status_code == 200


def test_passkey_that_is_taken_away_serves_no_more_and_ends_the_other_sessions(anna, key, settings):
    settings.SECOND_FACTOR = True
    added(anna, name="Laptop")
    laptop = Passkey.objects.get(name="Laptop")
    client, elsewhere = within(anna, key), within(anna, key)
    page = reverse("second_factor_passkey_remove", args=[Passkey.objects.get(name="Key ring").pk])
    assert page in client.get(OVERVIEW).text
    assert "The passkey “Key ring” is taken away" in client.get(page).text
    assert Passkey.objects.count() == 2

    assert client.post(page).url == OVERVIEW

    assert list(Passkey.objects.all()) == [laptop]
    assert recorded()[-1] == ("second-factor-removed", {"passkey": "Key ring"})
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    client = half_in(anna)
    assert send(client, key.sign(asked(client))).context["refusal"] == passkeys.Fault.UNKNOWN.label


def test_only_second_factor_stays_and_those_of_others_too(anna, key):
    client = within(anna, key)
    mine = Passkey.objects.get()
    added(make_officer())
    others = Passkey.objects.exclude(pk=mine.pk).get()
    page = reverse("second_factor_passkey_remove", args=[mine.pk])
    overview = client.get(OVERVIEW)
    assert (overview.status_code, page in overview.text) == (200, False)

    assert "This is your only second factor." in client.post(page).text
    assert client.post(reverse("second_factor_passkey_remove", args=[others.pk])).status_code == 404
    assert client.post("/admin/second-factor/telephone/remove/").status_code == 404

    assert Passkey.objects.count() == 2


def test_telephone_can_go_where_there_is_a_passkey(anna, key):
    Telephone.objects.create(user=anna, name="telephone", confirmed=True)
    client = half_in(anna)
    assert "Or type the code that the app on your telephone shows now" in client.get(CODE).text
    send(client, key.sign(asked(client)))

    client.post("/admin/second-factor/telephone/remove/")

    assert not Telephone.objects.exists()
    assert recorded()[-1] == ("second-factor-removed", {})
    assert client.get("/admin/").status_code == 200


def test_administrator_sees_and_takes_all_away(anna, key):
    client = half_in(anna)
    send(client, key.sign(asked(client)))
    administrator = within(User.objects.create_superuser("administrator"))
    page = reverse("admin:auth_user_second_factor", args=[anna.pk])
    assert "Passkey “Key ring”, added on" in administrator.get(page).text

    administrator.post(page)

    assert not Passkey.objects.exists()
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert recorded()[-1] == ("second-factor-reset", {})


def test_last_administrator_is_helped_by_an_operator(anna, key):
    call_command("reset_second_factor", anna.username)

    assert not Passkey.objects.exists()


HOMES = {
    "https://press.example.org": "https://press.example.org",
    "https://Press.Example.org:443": "https://press.example.org",
    "https://press.example.org:8443": "https://press.example.org:8443",
    "https://пресса.example": "https://xn--80aj3aega.example",
    "http://127.0.0.1:8000": "http://localhost:8000",
    "http://[::1]:8000": "http://localhost:8000",
    "http://localhost": "http://localhost",
    "http://press.example.org": "",
    "https://192.0.2.7": "",
}


@pytest.mark.parametrize("site", HOMES)
def test_passkeys_live_where_browsers_take_them(settings, site):
    settings.SITE_URL = site

    assert passkeys.home() == HOMES[site]


def test_where_no_browser_takes_them_none_is_offered_and_codes_serve(anna, key, settings):
    settings.SITE_URL = "http://press.example.org"
    client = half_in(anna)

    page = client.get(CODE).text

    assert "Passkeys work only where the address of the site begins with https:// and has a name." in page
    assert ASK_TO_SIGN not in page
    assert client.post(ASK_TO_SIGN).status_code == 404
    assert send(client, "x").context["refusal"] == passkeys.Fault.LATE.label
    anew = within(make_officer())
    assert ADD not in anew.get(OVERVIEW).text
    assert (anew.get(ADD).status_code, anew.post(ASK_TO_MAKE).status_code) == (404, 404)
