"""What is left out of a log line, and what is not."""

import pytest

from embassy.impersonal import impersonal

SAME = [
    "Not found: /messages/2026/05/12/a-visit/",
    "Worker 12 ended at 10:15:30, Django 5.2.19, 2026-11-26T03:26:36+00:00",
    'duplicate key value violates unique constraint "auth_user_username_key"',
    "embassy.acts.Refused: Is it live? Then recall it.",
    'File "/srv/press/views.py", line 12, in home',
    "std::string, 1.2.3, 1.2.3.4.5, abc.def, ::",
]
LESS = [
    ("Mail to anna.orlova+press@mail.example.org failed", "Mail to […] failed"),
    ("Invalid request from ip=198.51.100.7: x", "Invalid request from ip=[…]: x"),
    ('connection to server at "2001:db8::7", port 5432', 'connection to server at "[…]", port 5432'),
    ("from 198.51.100.7.", "from […]."),
    ("from 198.51.100.7:4711 on", "from […]:4711 on"),
    ("to 2001:db8::", "to […]"),
    ("from ::ffff:198.51.100.7, then", "from […], then"),
    ("GET /search/?q=passport+of+anna failed", "GET /search/[…] failed"),
    ("Not Found: /shared/Zm9vYmFy_-x/files/a.jpg", "Not Found: /shared/[…]/files/a.jpg"),
    ("Not Found: /office/password_reset/MQ/abc-123/", "Not Found: /office/password_reset/[…]/"),
    (
        'IntegrityError: duplicate key value violates unique constraint "x"\n'
        "DETAIL:  Key (username)=(anna) already exists.\n",
        'IntegrityError: duplicate key value violates unique constraint "x"\n[…]\n',
    ),
    ("DataError: wrong\nLINE 1: SELECT 1 WHERE name = 'Anna'\n                     ^\n", "DataError: wrong\n[…]\n"),
    ("x\nDETAIL:  Failing row contains (1, Anna, Orlova).\nCONTEXT:  SQL function y", "x\n[…]\n[…]"),
]


@pytest.mark.parametrize("text", SAME)
def test_what_is_nobodys_stays(text):
    assert impersonal(text) == text


@pytest.mark.parametrize(("text", "less"), LESS)
def test_what_may_be_somebodys_is_left_out(text, less):
    assert impersonal(text) == less
