"""What every test may ask for."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import CommandError
from django.db import connection
from django.template import Context
from django.template.backends import jinja2
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from embassy import clock
from press.intake import sandbox

# Tables that refuse to be emptied, and the triggers that refuse it.
GUARDED = {
    "press_edition": "edition_truncate",
    "press_editionfile": "edition_file_truncate",
    "press_editiontopic": "edition_topic_truncate",
    "consular_consularedition": "consular_edition_truncate",
    "embassy_auditrecord": "audit_truncate",
}
REAL_CLOCK = "SELECT clock_timestamp()"
HANG_UP = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def pytest_configure(config):
    """Serve static files from their sources: the hashed ones exist only after collectstatic."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT = Path(settings.BASE_DIR / ".local" / "test-static")
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Argon or PBKDF2 would be most of the time of a test that signs in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    # How long an example takes says how busy the machine is.
    hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis_settings.load_profile("untimed")
    TransactionTestCase._fixture_teardown = emptied_past_the_guard(TransactionTestCase._fixture_teardown)
    jinja2.Template.render = told_to_the_client(jinja2.Template.render)


def told_to_the_client(render):
    """Tell the test client what is in a page's context, as Django's own templates do under test."""

    def rendered(self, context=None, request=None):
        context = {} if context is None else context
        page = render(self, context, request)
        template_rendered.send(sender=self, template=self.template, context=Context(context))
        return page

    return rendered


def emptied_past_the_guard(teardown):
    """Empty the tables after a test that committed, which the guard refuses; the groups come back as migrated."""

    def empty(self):
        # A page that is closed may still send something, which the live server takes for a moment.
        for _attempt in range(2):
            try:
                return teardown(self)
            except CommandError:
                hang_up()
        return teardown(self)

    def emptied(self):
        with connection.cursor() as cursor:
            for table, trigger in GUARDED.items():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        empty(self)
        with connection.cursor() as cursor:
            import_module("press.migrations.0003_groups").create_groups(apps, None)
            import_module("press.migrations.0008_duty_officers").create_group(apps, None)
            import_module("press.migrations.0019_rights_to_the_bin").give_rights(apps, None)
            import_module("press.migrations.0012_who_may_keep_files").extend_groups(apps, None)
            import_module("press.migrations.0029_rights_to_topics").give_rights(apps, None)
            import_module("consular.migrations.0006_rights").give_rights(apps, None)
            # Which is no act of anybody's.
            cursor.execute("TRUNCATE embassy_auditrecord")
            for table, trigger in GUARDED.items():
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")

    return emptied


def hang_up():
    """End all other sessions of the test database, which would keep its tables from being emptied or dropped.

    A live server's threads outlive it, and with them their sessions. And where Playwright's event loop
    runs, asgiref gives this very thread connections of its own, beside those it had before: so an
    earlier call may have ended the session of the connection that this one finds.
    """
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(HANG_UP)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Leave nobody in the database when it is dropped, which takes as long as the machine's disk wants."""
    yield
    connection.settings_dict["OPTIONS"]["options"] += " -c statement_timeout=0"
    with django_db_blocker.unblock():
        hang_up()


@pytest.fixture
def empty_storage(monkeypatch):
    """A storage in which no other test has left anything. Elsewhere what is left harms nobody: names are hashes."""
    monkeypatch.setattr(default_storage, "_wrapped", InMemoryStorage())


@pytest.fixture(scope="session")
def opened_before():
    """What the child process answered about uploads, and the files that it made, by what it was asked."""
    return {}


@pytest.fixture(autouse=True)
def open_uploads_once(monkeypatch, opened_before):
    """Ask the child about the same upload once; it takes a quarter of a second each time."""
    run = sandbox.run

    def remembering(task, path, folder, **request):
        key = (task, path.read_bytes(), json.dumps(request), sandbox.MEMORY, sandbox.SECONDS_ON_THE_WALL)
        if key not in opened_before:
            answer = run(task, path, folder, **request)
            opened_before[key] = (
                answer,
                {each["path"]: (path.parent / each["path"]).read_bytes() for each in answer["files"]},
            )
        answer, made = opened_before[key]
        for name, content in made.items():
            (path.parent / name).write_bytes(content)
        return answer

    monkeypatch.setattr(sandbox, "run", remembering)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Do not wait for the disk: a test database outlives nothing."""
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
    if settings.EMBEDDED_POSTGRES:
        # A server of the tests alone. Emptying and dropping tables waits for the disk again and again.
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()


def set_database_clock(body):
    """Make press_now() return what the SQL `body` says."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION press_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $${body}$$"
        )


@pytest.fixture
def freeze(db, monkeypatch):
    """Call it with an aware moment: readers' and writers' clocks stand there until it is called again."""

    def set_both(at):
        monkeypatch.setattr(clock, "now", lambda: at)
        set_database_clock(f"SELECT '{at.isoformat()}'::timestamptz")
        return at

    yield set_both
    # A test in a transaction is rolled back, its clock with it.
    if not connection.in_atomic_block:
        set_database_clock(REAL_CLOCK)
