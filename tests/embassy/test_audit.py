"""What the audit log has, and that nobody takes it away again."""

import json
import logging

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from embassy import audit, mail
from embassy.models import AuditRecord
from tests.press.factory import make_live, make_officer

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
SECRET = "a new and long pass phrase"


@pytest.fixture
def anna():
    return User.objects.create_user("anna", "anna@example.org", "correct horse", is_staff=True)


@pytest.fixture
def administrator():
    return User.objects.create_superuser("administrator")


@pytest.fixture
def new(anna, administrator):
    """Call it: what was recorded since the last time, as (what, by, about, details)."""
    seen = [AuditRecord.objects.latest("pk").pk]

    def since():
        found = list(AuditRecord.objects.filter(pk__gt=seen[0]).order_by("pk"))
        seen[0] = found[-1].pk if found else seen[0]
        return [(r.what, r.by and r.by.username, r.about and r.about.username, r.details) for r in found]

    return since


def sign_in(client, username="anna", password="correct horse"):
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR="203.0.113.9")


def test_sign_in_and_sign_out(client, new):
    sign_in(client)
    assert new() == [("signed-in", "anna", "anna", {})]
    client.post("/admin/logout/")
    assert new() == [("signed-out", "anna", "anna", {})]

    kept = AuditRecord.objects.get(what="signed-in")
    assert kept.address == "203.0.113.9"
    assert len(kept.request_id) == 32


def test_refusals_until_the_lock_and_none_behind_it(client, new, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT + 3):
        sign_in(client, password="wrong")

    found = new()
    lock = ("locked", None, "anna", {"failures": settings.AXES_FAILURE_LIMIT})
    assert found.count(("refused", None, "anna", {})) == settings.AXES_FAILURE_LIMIT
    assert found.count(lock) == 1
    assert len(found) == settings.AXES_FAILURE_LIMIT + 1


def test_name_that_nobody_has_is_not_kept(client, new, caplog, django_capture_on_commit_callbacks):
    logging.getLogger("audit").addHandler(caplog.handler)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            sign_in(client, username="correct horse battery", password="anna")
    finally:
        logging.getLogger("audit").removeHandler(caplog.handler)

    assert new() == [("refused", None, None, {})]
    assert [record.audit["what"] for record in caplog.records if record.name == "audit"] == ["refused"]
    kept = repr(list(AuditRecord.objects.values())) + "".join(repr(vars(record)) for record in caplog.records)
    assert "correct horse" not in kept


def test_page_that_is_forbidden(client, new, anna):
    client.force_login(anna)
    new()

    assert client.get("/admin/auth/user/?q=secret").status_code == 403

    assert new() == [("forbidden", "anna", None, {"method": "GET", "path": "/admin/auth/user/"})]


def test_password_that_is_changed_asked_for_or_set_for_somebody_else(client, new, anna, administrator):
    client.force_login(anna)
    new()
    data = {"old_password": "correct horse", "new_password1": SECRET, "new_password2": SECRET}
    client.post("/admin/password_change/", data)
    assert new() == [("password-changed", "anna", "anna", {})]

    client.logout()
    new()
    for address in ("anna@example.org", "nobody@example.org"):
        client.post("/admin/password_reset/", {"email": address})
    mail._out.submit(lambda: None).result(timeout=10)
    assert new() == [("password-asked", None, "anna", {}), ("password-asked", None, None, {})]

    client.force_login(administrator)
    new()
    client.post(reverse("admin:auth_user_password_change", args=[anna.pk]), {"password1": SECRET, "password2": SECRET})
    assert new() == [("password-changed", "administrator", "anna", {})]


def test_hash_that_is_only_made_anew_is_no_change(client, new, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]

    sign_in(client)

    assert User.objects.get(username="anna").password.startswith("scrypt$")
    assert new() == [("signed-in", "anna", "anna", {})]


def test_account_that_is_made_and_changed(client, new, anna, administrator):
    client.force_login(administrator)
    new()
    data = {"username": "boris", "usable_password": "true", "password1": SECRET, "password2": SECRET}
    client.post(reverse("admin:auth_user_add"), data)
    made = {"is_active": True, "is_staff": False, "is_superuser": False}
    assert new() == [("account-made", "administrator", "boris", made)]

    data = {"username": "anna", "email": "other@example.org", "is_superuser": "on"}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    client.post(reverse("admin:auth_user_change", args=[anna.pk]), data)

    changed = {"fields": ["email", "is_active", "is_staff", "is_superuser"]}
    changed |= {"is_active": False, "is_staff": False, "is_superuser": True}
    assert new() == [("account-changed", "administrator", "anna", changed)]
    assert "other@example.org" not in repr(list(AuditRecord.objects.values()))


def test_account_that_is_saved_as_it_is_changes_nothing(new, anna):
    anna.save()

    assert new() == []


def test_rights_whichever_side_they_come_from(new, anna):
    group, view = Group.objects.get(name="Officers"), Permission.objects.get(codename="view_user")
    anna.groups.add(group)
    anna.groups.add(group)
    group.user_set.remove(anna)
    anna.user_permissions.set([view])
    anna.user_permissions.clear()
    group.permissions.add(view)
    group.permissions.remove(view)
    view.user_set.add(anna)
    view.user_set.clear()

    assert new() == [
        ("rights-given", None, "anna", {"rights": ["Officers"]}),
        ("rights-taken", None, "anna", {"rights": ["Officers"]}),
        ("rights-given", None, "anna", {"rights": ["view_user"]}),
        ("rights-taken", None, "anna", {"rights": ["view_user"]}),
        ("rights-given", None, None, {"group": "Officers", "rights": ["view_user"]}),
        ("rights-taken", None, None, {"group": "Officers", "rights": ["view_user"]}),
        ("rights-given", None, "anna", {"rights": ["view_user"]}),
        ("rights-taken", None, "anna", {"rights": ["view_user"]}),
    ]


def test_what_leaves_the_house_and_what_comes_in(new, tmp_path):
    make_live(at=None)
    new()
    call_command("export_messages", tmp_path / "out.jsonl", verbosity=0)
    assert new() == [("exported", None, None, {"messages": 1})]
    line = {"kind": "press-release", "language": "en", "title": "Old", "body": "<p>Old.</p>"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line | {"published_at": "2020-01-01T00:00:00Z"}))

    call_command("import_messages", tmp_path / "in.jsonl", dry_run=True)
    assert new() == []
    call_command("import_messages", tmp_path / "in.jsonl")

    # The first import makes the account that its messages are written by.
    assert [(what, details) for what, _by, _about, details in new()][1:] == [("imported", {"messages": 1})]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE embassy_auditrecord SET what = 'signed-out'",
        "DELETE FROM embassy_auditrecord",
        "TRUNCATE embassy_auditrecord",
        "TRUNCATE auth_user CASCADE",
    ],
)
def test_database_lets_it_grow_and_nothing_else(anna, sql):
    count = AuditRecord.objects.count()
    assert count > 0

    with pytest.raises(DatabaseError, match=r"the audit log only grows|editions never go away"), transaction.atomic():
        # What waits for the end of the transaction would be refused for another reason.
        connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {sql}")

    assert AuditRecord.objects.count() == count


def test_what_is_rolled_back_has_not_happened(new, anna, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        with transaction.atomic():
            audit.record(audit.What.EXPORTED, messages=1)
            transaction.set_rollback(True)
        audit.record(audit.What.EXPORTED, messages=2)

    assert new() == [("exported", None, None, {"messages": 2})]
    assert len(told) == 1


def test_administrators_read_it_and_nobody_writes_it(client, administrator, django_assert_max_num_queries):
    record = AuditRecord.objects.first()
    listing, one = reverse("admin:embassy_auditrecord_changelist"), "admin:embassy_auditrecord_{}"
    client.force_login(administrator)
    make_officer().groups.add(Group.objects.get(name="Approvers"))

    with django_assert_max_num_queries(8):
        page = client.get(listing)
    pages = [reverse(one.format(name), args=[record.pk]) for name in ("change", "delete", "history")]
    statuses = [(client.get(path).status_code, client.post(path, {"post": "yes"}).status_code) for path in pages]

    assert "Rights given" in page.text
    assert "rights: Approvers" in page.text
    assert statuses[:2] == [(200, 403), (403, 403)]
    assert client.get(reverse(one.format("add"))).status_code == 403
    assert AuditRecord.objects.filter(pk=record.pk).exists()


def test_officers_do_not_read_it(client):
    officer = make_officer()
    rights = ("view_auditrecord", "change_auditrecord", "delete_auditrecord", "add_auditrecord")
    officer.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(officer)

    assert client.get(reverse("admin:embassy_auditrecord_changelist")).status_code == 403
    assert "Audit log" not in client.get("/admin/").text
