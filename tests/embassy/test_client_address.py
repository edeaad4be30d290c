"""Whose word is believed about where a visitor comes from."""

import pytest

from embassy.client_address import client_address, is_within

NGINX = "172.18.0.4"


def ask(rf, peer, said=None):
    headers = {"x-forwarded-for": said} if said is not None else {}
    return client_address(rf.get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize("said", ["203.0.113.9", "127.0.0.1", "172.18.0.4", "::1", ""])
def test_stranger_who_claims_another_address_keeps_his_own(rf, settings, said):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]

    assert ask(rf, "198.51.100.7", said) == "198.51.100.7"


def test_nobody_is_believed_where_no_proxy_is_trusted(rf, settings):
    settings.TRUSTED_PROXIES = []

    assert ask(rf, NGINX, "203.0.113.9") == NGINX


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        # What a visitor claimed stands before what the proxy wrote.
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, unknown", NGINX),
        ("", NGINX),
        ("x" * 5000, NGINX),
        ("203.0.113.9:443", NGINX),
    ],
)
def test_our_proxy_is_believed_in_what_it_wrote_itself(rf, settings, said, expected):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]

    assert ask(rf, NGINX, said) == expected


def test_same_address_in_both_families_is_one(rf, settings):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]

    assert ask(rf, "::ffff:172.18.0.4", "203.0.113.9") == "203.0.113.9"
    assert ask(rf, "::ffff:198.51.100.7") == "198.51.100.7"


def test_socket_file_has_no_address(rf):
    assert ask(rf, "") is None
    assert not is_within(None, ["0.0.0.0/0"])
