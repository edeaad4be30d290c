"""The office as a site, and its accounts."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tests.press.factory import make_officer

pytestmark = pytest.mark.django_db

SECRET = "a new and long pass phrase"


@pytest.fixture
def personnel(client):
    """Somebody who may keep accounts, and is no superuser."""
    user = User.objects.create_user("personnel", is_staff=True)
    rights = ("add_user", "change_user", "delete_user", "view_user")
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return user


def page(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def posted(user, **fields):
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        **fields,
    }


def test_index_shows_the_sections_first_in_order(client):
    client.force_login(User.objects.create_superuser("administrator"))

    response = client.get("/admin/")

    names = [
        (app["app_label"], [model["object_name"] for model in app["models"]]) for app in response.context["app_list"]
    ]
    assert names == [
        ("press", ["PressRelease", "Statement", "QandA", "BinnedMessage", "StoredFile", "SearchCount", "Topic"]),
        ("consular", ["Facts", "ContactInfo", "Notice"]),
        ("embassy", ["AuditRecord"]),
        ("auth", ["Group", "User"]),
    ]
    assert "<title>Press office | Press office</title>" in response.content.decode()


def test_index_shows_officers_their_sections_only(client):
    client.force_login(make_officer())

    assert [app["app_label"] for app in client.get("/admin/").context["app_list"]] == ["press", "consular"]


def test_account_is_kept_without_powers(client, personnel):
    user = User.objects.create_user("novice", is_staff=True)

    fields = client.get(page(user)).context["adminform"].form.fields
    assert fields.keys().isdisjoint({"is_superuser", "groups", "user_permissions"})
    response = client.post(page(user), posted(user, email="new@example.org"))

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.email, user.groups.exists()) == ("new@example.org", False)


def test_account_of_more_powers_than_ones_own_is_out_of_reach(client, personnel):
    officer = make_officer()

    # A changed address is a way to a new password, and so to the powers.
    assert client.post(page(officer), posted(officer, email="mine@example.org")).status_code == 403
    reset = {"password1": SECRET, "password2": SECRET}
    assert client.post(page(officer, "password_change"), reset).status_code == 403
    officer.refresh_from_db()
    assert (officer.email, officer.check_password("correct horse")) == ("", True)

    personnel.groups.add(Group.objects.get(name="Officers"))
    assert client.post(page(officer), posted(officer, email="new@example.org")).status_code == 302
    officer.refresh_from_db()
    assert (officer.email, officer.groups.get().name) == ("new@example.org", "Officers")


def test_group_is_kept_by_superusers_only(client, personnel):
    rights = ("add_group", "change_group", "delete_group", "view_group")
    personnel.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    group = Group.objects.get(name="Officers")
    before = set(group.permissions.all())
    everything = {"name": "Officers", "permissions": [permission.pk for permission in Permission.objects.all()]}

    statuses = [
        client.get(reverse("admin:auth_group_change", args=[group.pk])).status_code,
        client.post(reverse("admin:auth_group_change", args=[group.pk]), everything).status_code,
        client.post(reverse("admin:auth_group_add"), everything | {"name": "Mine"}).status_code,
        client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code,
    ]

    assert statuses == [200, 403, 403, 403]
    assert set(group.permissions.all()) == before
    assert not Group.objects.filter(name="Mine").exists()


def test_superuser_keeps_groups(client):
    client.force_login(User.objects.create_superuser("administrator"))
    group = Group.objects.get(name="Officers")

    client.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "Writers", "permissions": []})

    group.refresh_from_db()
    assert (group.name, group.permissions.count()) == ("Writers", 0)


def test_forged_form_gives_no_powers(client, personnel):
    everything = posted(
        personnel,
        is_superuser="on",
        groups=[group.pk for group in Group.objects.all()],
        user_permissions=[permission.pk for permission in Permission.objects.all()],
    )

    assert client.post(page(personnel), everything).status_code == 302

    personnel.refresh_from_db()
    assert (personnel.is_superuser, personnel.groups.count(), personnel.user_permissions.count()) == (False, 0, 4)


def test_superuser_is_changed_by_superusers_only(client, personnel):
    administrator = User.objects.create_superuser("administrator", password="before")

    assert client.post(page(administrator), posted(administrator, email="mine@example.org")).status_code == 403
    reset = {"password1": SECRET, "password2": SECRET}
    assert client.post(page(administrator, "password_change"), reset).status_code == 403

    administrator.refresh_from_db()
    assert (administrator.email, administrator.check_password("before")) == ("", True)


def test_superuser_gives_powers(client):
    client.force_login(User.objects.create_superuser("administrator"))
    user = make_officer()

    client.post(page(user), posted(user, groups=[Group.objects.get(name="Approvers").pk]))

    assert user.groups.get().name == "Approvers"


def test_account_is_never_deleted(client):
    client.force_login(User.objects.create_superuser("administrator"))
    user = User.objects.create_user("left")

    assert client.post(page(user, "delete"), {"post": "yes"}).status_code == 403
    listing = client.get(reverse("admin:auth_user_changelist"))
    assert "delete_selected" not in listing.content.decode()
    data = {"action": "delete_selected", "_selected_action": user.pk, "post": "yes"}
    client.post(reverse("admin:auth_user_changelist"), data)

    assert User.objects.filter(pk=user.pk).exists()


def test_login_page_has_a_heading_and_a_way_to_a_new_password(client):
    html = client.get("/admin/login/").content.decode()

    assert "<h1>Log in</h1>" in html
    assert 'href="/admin/password_reset/"' in html


def test_saving_an_account_changes_no_date(client, personnel):
    # Twice 01:30 in London that night, and a time that no form shows whole.
    joined = datetime(2026, 10, 25, 1, 30, 7, 123_456, tzinfo=UTC)
    user = User.objects.create_user("somebody", date_joined=joined, last_login=joined)

    response = client.post(page(user), posted(user, first_name="Some", last_login_0="2026-01-01"))

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.first_name, user.date_joined, user.last_login) == ("Some", joined, joined)
