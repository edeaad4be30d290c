"""Who may see which page of the office: one table, in which every registered view must stand."""

from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from consular.models import ContactInfo, Document, Facts
from embassy import clock
from embassy.models import AuditRecord, Telephone
from press.models import Edition, Event, Kind, Message
from tests.addresses import addresses
from tests.consular.factory import make_notice
from tests.press.factory import make_message, make_officer, make_topic

pytestmark = pytest.mark.django_db

# A member of the staff without rights; who writes and releases; who approves, too; who may only break the
# glass; and the superuser.
ROLES = ("nobody", "guest", "officer", "approver", "duty officer", "administrator")
EVERYBODY = (200, 200, 200, 200, 200, 200)
STAFF = (302, 200, 200, 200, 200, 200)
WRITERS = (302, 403, 200, 200, 403, 200)
APPROVERS = (302, 403, 403, 200, 403, 200)
ADMINISTRATORS = (302, 403, 403, 403, 403, 200)
NO_ONE = (302, 403, 403, 403, 403, 403)
# Looked up by what is asked for, or only led on from: Django answers before it asks for rights.
UNKNOWN = (302, 404, 404, 404, 404, 404)
LED_ON = (302, 302, 302, 302, 302, 302)
WRITERS_LED_ON = (302, 403, 302, 302, 403, 302)

# By name; of several that fit, the first. A view that is not in it fails the test: say here who may see it.
MAY_SEE = {
    "admin_password_reset": EVERYBODY,
    "password_reset_*": EVERYBODY,
    "second_factor": STAFF,
    "second_factor_set_up": STAFF,
    "second_factor_code": LED_ON,
    "second_factor_codes": (405, 405, 405, 405, 405, 405),
    # Each of one's own: there is none, or nothing beside it.
    "second_factor_telephone_remove": UNKNOWN,
    "second_factor_passkey_remove": UNKNOWN,
    "second_factor_passkey_add": STAFF,
    "second_factor_passkey_*options": (405, 405, 405, 405, 405, 405),
    "two_clocks": STAFF,
    "site_state": ADMINISTRATORS,
    # Only sent.
    "paste": (302, 405, 405, 405, 405, 405),
    "admin:index": STAFF,
    "admin:login": (200, 302, 302, 302, 302, 302),
    "admin:logout": (302, 405, 405, 405, 405, 405),
    "admin:password_change": STAFF,
    "admin:password_change_done": STAFF,
    "admin:jsi18n": STAFF,
    "admin:autocomplete": NO_ONE,
    "admin:view_on_site": UNKNOWN,
    "admin:app_list": UNKNOWN,
    "admin:": (302, 302, 302, 302, 302, 302),
    "admin:embassy_auditrecord_add": NO_ONE,
    "admin:embassy_auditrecord_delete": NO_ONE,
    "admin:embassy_auditrecord_*": ADMINISTRATORS,
    "admin:auth_user_delete": NO_ONE,
    "admin:auth_user_*": ADMINISTRATORS,
    "admin:auth_group_*": ADMINISTRATORS,
    **{
        f"admin:press_{section}_{page}": who
        for section in ("pressrelease", "statement", "qanda")
        for pages, who in {
            "approve send_back sign_off": APPROVERS,
            "changelist add change delete history preview": WRITERS,
            "submit release correct recall withdraw retract replace feature reschedule": WRITERS,
            "translation": WRITERS,
            "share unsaved unsaved_new files": WRITERS,
            "conflict": WRITERS_LED_ON,
            # Of what is asked for there is none.
            "restore difference": (302, 403, 404, 404, 403, 404),
            # Only sent.
            "remark": (302, 405, 405, 405, 405, 405),
        }.items()
        for page in pages.split()
    },
    "admin:press_binnedmessage_changelist": WRITERS,
    "admin:press_binnedmessage_change": WRITERS_LED_ON,
    "admin:press_storedfile_upload": (302, 405, 405, 405, 405, 405),
    "admin:press_storedfile_content": (302, 403, 404, 404, 403, 404),
    "admin:press_storedfile_delete": (302, 403, 403, 302, 403, 302),
    "admin:press_storedfile_change": WRITERS_LED_ON,
    "admin:press_storedfile_history": LED_ON,
    "admin:press_storedfile_*": WRITERS,
    "admin:press_topic_changelist": WRITERS,
    "admin:press_topic_add": WRITERS,
    "admin:press_topic_change": WRITERS,
    "admin:press_topic_history": WRITERS,
    "admin:press_topic_delete": APPROVERS,
    "admin:press_searchcount_changelist": WRITERS,
    "admin:press_searchcount_history": LED_ON,
    "admin:press_searchcount_*": NO_ONE,
    "admin:consular_contactinfo_*": WRITERS,
    "admin:consular_facts_add": NO_ONE,
    "admin:consular_facts_delete": NO_ONE,
    "admin:consular_facts_changelist": WRITERS_LED_ON,
    "admin:consular_facts_confirm": WRITERS_LED_ON,
    "admin:consular_notice_end": WRITERS,
    **{
        f"admin:consular_{section}_{page}": who
        for section in ("facts", "notice")
        for pages, who in {
            "approve send_back sign_off": APPROVERS,
            "changelist add change delete history submit release recall": WRITERS,
        }.items()
        for page in pages.split()
        if (section, page) not in {("facts", "add"), ("facts", "delete"), ("facts", "changelist")}
    },
}
# What is there for those who have given the password and not yet the second factor.
HALF_IN = {"second_factor_code": 200, "second_factor_codes": 405, "admin:logout": 405}
HALF_IN |= {"second_factor_passkey_options": 405, "second_factor_passkey_add_options": 405}
CATCH_ALL = "(?P<url>.*)$"


@pytest.fixture
def numbers():
    """{section: the number of something in it}."""
    by = make_officer()
    kinds = {"pressrelease": Kind.PRESS_RELEASE, "statement": Kind.STATEMENT, "qanda": Kind.Q_AND_A}
    messages = {
        section: make_message(kind, by=by, questions=[("Why?", "<p>So.</p>")] if kind == Kind.Q_AND_A else ())
        for section, kind in kinds.items()
    }
    office = ContactInfo.objects.create(name_en="Consular section", name_ru="Консульский отдел")
    things = {**messages, "contactinfo": office, "user": by, "group": Group.objects.first()}
    tomorrow = clock.whole_minute_from(clock.now() + timedelta(days=1))
    things |= {"facts": Facts.objects.current(), "notice": make_notice(ends_at=tomorrow, by=by)}
    things["topic"] = make_topic("culture", "Culture", "Культура")
    things["auditrecord"] = AuditRecord.objects.first()
    return {section: thing.pk for section, thing in things.items()}


@pytest.fixture
def browsers():
    """{role: a browser in which such a person is signed in}."""
    users = {
        "nobody": None,
        "guest": User.objects.create_user("guest", is_staff=True),
        "officer": make_officer(),
        "approver": make_officer("Approvers"),
        "duty officer": make_officer("Duty officers"),
        "administrator": User.objects.create_superuser("administrator"),
    }
    return {role: _signed_in(user) for role, user in users.items()}


def _signed_in(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


def office(numbers):
    """(Address, its path to something that is there) for every view of the office."""
    found = []
    for address in addresses():
        if address.is_of_the_office:
            section = [*address.route.split("/"), "", ""][2]
            values = dict.fromkeys(address.places, numbers.get(section, 1)) | {"sha256": "0" * 64, "name": "a.pdf"}
            found.append((address, address.path(values)))
    return found


def expected(address):
    """What MAY_SEE says of `address`; None if nothing."""
    if address.route.endswith(CATCH_ALL):
        return UNKNOWN
    return next((who for name, who in MAY_SEE.items() if fnmatchcase(address.name, name)), None)


def test_every_view_stands_in_the_table(numbers):
    missing = [address.name for address, _path in office(numbers) if expected(address) is None]

    assert missing == []
    assert len(office(numbers)) > 80


def test_everybody_sees_what_the_table_says(numbers, browsers):
    wrong = []
    for address, path in office(numbers):
        seen = tuple(browsers[role].get(path).status_code for role in ROLES)
        if seen != expected(address):
            wrong.append((address.name, path, seen, expected(address)))

    assert wrong == []


def test_who_may_not_see_a_page_may_not_send_it_either(numbers, browsers):
    wrong = []
    for address, path in office(numbers):
        for role, status in zip(ROLES, expected(address) or (), strict=False):
            refused = status == 403 or (role == "nobody" and status == 302)
            if refused and address.name != "admin:logout":
                sent = browsers[role].post(path, {"confirmed": "now", "post": "yes", "_save": "1"})
                if sent.status_code not in {302, 403, 405} or (sent.status_code == 302 and "/login/" not in sent.url):
                    wrong.append((address.name, role, sent.status_code))

    assert wrong == []


# Each of these has its own part of one table, whose numbers are of one row.
PARTS = [("pressrelease", "statement", "qanda"), ("facts", "notice")]


def test_nothing_is_reached_or_changed_by_its_number_below_another_section(numbers, browsers):
    asked, sent = {}, {}
    for address in addresses():
        section = [*address.route.split("/"), "", ""][2]
        for part in PARTS:
            if address.is_of_the_office and section in part and "object_id" in address.places:
                others = [numbers[other] for other in part if other != section]
                values = dict.fromkeys(address.places, 1)
                asked[address.path(values | {"object_id": others[0]})] = browsers["administrator"].get
                sent[address.path(values | {"object_id": others[-1]})] = browsers["administrator"].post
    before = [list(model.objects.order_by("pk").values()) for model in (Message, Document, Edition, Event)]

    requests = [*asked.items(), *sent.items()]
    shown = [path for path, call in requests if call(path, {"confirmed": "now", "post": "yes"}).status_code == 200]

    assert len(requests) > 100
    assert shown == []
    assert [list(model.objects.order_by("pk").values()) for model in (Message, Document, Edition, Event)] == before


def test_password_without_the_second_factor_opens_no_page(numbers):
    user = User.objects.create_superuser("half-in", password="correct horse")
    Telephone.objects.create(user=user, confirmed=True)
    client = _signed_in(user)

    wrong = []
    for address, path in office(numbers):
        if address.name in {*HALF_IN, "admin:login"} or expected(address) == EVERYBODY:
            continue
        answers = {client.get(path).status_code, client.post(path, {"post": "yes"}).status_code}
        if answers != {302}:
            wrong.append((address.name, answers))

    assert wrong == []
    assert {name: client.get(reverse(name)).status_code for name in HALF_IN} == HALF_IN
