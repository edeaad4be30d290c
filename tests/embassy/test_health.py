"""The probes: what they need, what they say, over plain HTTP."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from embassy import health


def test_healthz_needs_no_database(client):
    # Without the fixture `db`, pytest-django refuses every query.
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_200_while_the_database_answers(client, django_assert_num_queries):
    # The first time it looks for migrations, too.
    assert client.get("/readyz").status_code == 200

    with django_assert_num_queries(1):
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_503_while_the_database_does_not_answer(client, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"no database\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_never_kept_and_set_no_cookie(client, path):
    response = client.get(path)

    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_over_plain_http_where_pages_go_to_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path).status_code == 200
    assert client.get("/admin/login/").status_code == 301


def test_healthz_refuses_a_host_that_is_not_ours(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_readyz_is_503_while_migrations_are_missing_and_looks_again(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", [])
    ((_app, newest),) = MigrationLoader(connection).graph.leaf_nodes("embassy")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = 'other' WHERE app = 'embassy' AND name = %s", [newest])

    missing = client.get("/readyz")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = %s WHERE name = 'other'", [newest])

    assert (missing.status_code, missing.content) == (503, b"migrations are missing\n")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_what_officers_lack_and_keeps_the_readers(client, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "there" / "yet"
    assert client.get("/readyz").content == b"ok\n"
    monkeypatch.setattr("embassy.health.os.access", lambda path, mode: False)
    monkeypatch.setattr("embassy.health.SCARCE", 10**18)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.text.startswith("ok\nstorage cannot be written to\ndisk nearly full: ")
