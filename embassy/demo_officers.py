"""The demo's officers: one who writes, one who approves, one who administers."""

import os
import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

# Each one's group; the administrator needs none.
OFFICERS = {"officer": "Officers", "approver": "Approvers", "administrator": None}


def make():
    """Make those who are missing; return their new passwords by username."""
    known = set(get_user_model().objects.filter(username__in=OFFICERS).values_list("username", flat=True))
    passwords = {username: secrets.token_urlsafe(12) for username in OFFICERS if username not in known}
    for username, password in passwords.items():
        _make(username, password, OFFICERS[username])
    return passwords


def _make(username, password, group):
    user = get_user_model().objects.create_user(
        username,
        f"{username}@example.org",
        password,
        first_name="Demo",
        last_name=username,
        is_staff=True,
        is_superuser=group is None,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))


def keep(passwords, path):
    """Note `passwords` in the file `path`, for its owner's eyes only; return whether that was possible."""
    try:
        noted = dict(line.split() for line in path.read_text().splitlines()) if path.exists() else {}
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(descriptor, 0o600)
            file.writelines(f"{username} {password}\n" for username, password in (noted | passwords).items())
    except OSError:
        return False
    return True
