"""What holds for the whole: who imports whom, which versions, and that a migration can be taken back."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import django
import grimp
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

PACKAGES = ("embassy", "press", "consular")
# The project's own lists of addresses and settings name the applications; no other module of it does.
MAY_NAME_APPLICATIONS = {"embassy.urls", "embassy.settings"}


@pytest.fixture(scope="module")
def imports():
    """For each module, the modules it imports; migrations left out, they are no part of what runs."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    modules = {module for module in graph.modules if ".migrations" not in module}
    return {module: graph.find_modules_directly_imported_by(module) & modules for module in modules}


def package(module):
    return module.split(".")[0]


def cycle(imports):
    """The modules that import each other in a circle, or none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_module_imports_in_a_circle(imports):
    assert {"press.views", "embassy.clock", "consular.models"} <= imports.keys()
    assert cycle(imports) == []


def test_circle_would_be_seen(imports):
    assert "embassy.clock" in imports["press.views"]

    assert set(cycle({**imports, "embassy.clock": {"press.views"}})) == {"embassy.clock", "press.views"}


def test_press_and_consular_do_not_import_each_other(imports):
    crossing = [
        (module, imported)
        for module, found in imports.items()
        for imported in found
        if {package(module), package(imported)} == {"press", "consular"}
    ]

    assert crossing == []


def test_project_imports_no_application_but_for_its_addresses_and_settings(imports):
    crossing = {
        module
        for module, found in imports.items()
        if package(module) == "embassy" and {package(imported) for imported in found} - {"embassy"}
    }

    assert crossing - MAY_NAME_APPLICATIONS == set()
    assert "embassy.urls" in crossing


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import pytz\n\npytz.timezone('Europe/London')\n", "TID251"),
        ("import pytz\n\npytz.utc\n", "TID251"),
        ("from pytz import timezone\n\ntimezone('Europe/London')\n", "TID251"),
        ("from django.utils import timezone\n\ntimezone.now()\n", "TID251"),
        ("from datetime import datetime\n\ndatetime.now()\n", "DTZ005"),
    ],
)
def test_linter_refuses_other_clocks_and_zones(code, rule):
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID,DTZ", "--output-format", "concise", "--no-cache"]

    result = subprocess.run(
        [*command, "--stdin-filename", "press/example.py", "-"],
        cwd=settings.BASE_DIR,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, rule in result.stdout) == (1, True)


def test_django_is_of_the_long_term_series():
    assert django.VERSION[:2] == (5, 2)


@pytest.mark.django_db
def test_database_is_a_postgresql_that_knows_what_the_chain_needs():
    assert connection.vendor == "postgresql"
    # UNIQUE NULLS NOT DISTINCT came with 15.
    assert connection.pg_version >= 150000


def test_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: PLC0415 — it needs the settings

    assert is_psycopg3 is False


@pytest.mark.django_db
def test_every_migration_can_be_taken_back():
    migrations = MigrationLoader(connection).disk_migrations.items()

    one_way = [
        (*key, operation.describe())
        for key, migration in migrations
        if key[0] in PACKAGES
        for operation in migration.operations
        if not operation.reversible
    ]

    assert one_way == []


@pytest.mark.django_db
def test_migrations_are_taken_back_and_made_again():
    leaves = [leaf for leaf in MigrationLoader(connection).graph.leaf_nodes() if leaf[0] in PACKAGES]
    with connection.cursor() as cursor:
        # Between two statements Django draws up the models of every step: on a busy machine longer than a request may.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    MigrationExecutor(connection).migrate([(name, None) for name in PACKAGES])
    gone = {table.split("_")[0] for table in connection.introspection.table_names()} & set(PACKAGES)
    MigrationExecutor(connection).migrate(leaves)

    assert gone == set()
    assert "press_edition" in connection.introspection.table_names()


def test_readme_leads_to_every_decision():
    readme = (settings.BASE_DIR / "README.md").read_text()
    decisions = [path.name for path in (settings.BASE_DIR / "docs" / "decisions").glob("*.md")]

    assert "four-eyes.md" in decisions
    assert [name for name in decisions if f"(docs/decisions/{name})" not in readme] == []
