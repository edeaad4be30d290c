"""Every command of the project, misused: it says what is wrong in a sentence, ends with a status, and does nothing."""

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db import connection, connections

from embassy.backup.archive import DUMP, MANIFEST, written
from tests.embassy.backup.test_archive import MADE

pytestmark = pytest.mark.django_db

# What stands in braces is the path of something that the fixture `folder` makes.
NO_PATHS = ["", "{missing}/x", "{file}/x", "a" * 5000, "\udcff\udcfe"]
# The last opens, and cannot be read.
NO_FILES = [*NO_PATHS, "{missing}", "{folder}", "/proc/self/mem"]
NO_NUMBERS = ["", "x", "-1", "9" * 5000, "\udcff", "nan", "inf"]
NO_TIMES = ["", "25:00", "2:30", "02:30+05:00", "\udcff", "9" * 5000]
NO_ACCOUNTS = ["", "nobody", "\udcff", "a" * 5000, "'; --", "\u202e", "\x00"]
NO_SITES = ["", "x", "ftp://x.example", "http://", "http://x:y", "http://x:99999", "http://x/\n", "http://\udcff"]
NO_SITES += ["http://[::1", "http://x.example/path", "//x.example"]
NO_ARCHIVES = ["empty", "binary", "cut", "flipped", "no-manifest", "no-json", "deep", "list", "no-members", "members"]
NO_ARCHIVES += ["silent", "endless", "name"]
# How each command is misused: its arguments in each case. A command that is not in it fails the test.
MISUSES = {
    "backup": [
        *([path] for path in [*NO_PATHS, "{missing}", "{file}"]),
        *(["{folder}", f"--keep-{period}={number}"] for period in ("daily", "monthly") for number in NO_NUMBERS),
    ],
    "backup_nightly": [
        *(["{folder}", f"--at={text}"] for text in NO_TIMES),
        *(["{folder}", f"--keep-weekly={number}"] for number in NO_NUMBERS),
    ],
    "check_files": [["--remove-waste=1"]],
    "demo": [[], ["--yes=1"]],
    "empty_bin": [],
    # A name that is no UTF-8 is one that it can write.
    "export_messages": [["/dev/full"], *([path] for path in NO_FILES if path not in {"{missing}", NO_PATHS[-1]})],
    "illustrate_demo": [],
    "import_messages": [*([path] for path in NO_FILES), ["{binary}"], ["{binary}", "--dry-run"], ["-"]],
    "makemessages": [[], ["--locale"], ["--locale=ru", "--domain=\udcff"], ["--locale=ru", "--extension"]],
    "migrate_once": [["--plan=1"], *([f"--patience={number}"] for number in NO_NUMBERS)],
    "prove_embargo": [[f"--url={url}"] for url in NO_SITES],
    "release_consular_facts": [],
    "remind_owners": [],
    "reset_second_factor": [[name] for name in NO_ACCOUNTS],
    "restore": [*([path] for path in NO_FILES), *([f"{{{name}}}", "--replace"] for name in NO_ARCHIVES)],
    "verify_backup": [*([path] for path in NO_FILES), *([f"{{{name}}}"] for name in NO_ARCHIVES)],
}
# What no command takes.
ANYWHERE = [["--no-such-option"], ["one", "two", "three"], ["--verbosity=9"], ["--settings"], ["\udcff", "\udcff"]]
# What is noted of a failure.
NOTED = {"backup": {"embassy_backuprun"}}


def our_commands():
    """{name: app} of the project's own commands, as Django finds them."""
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    return {name: app for name, app in get_commands().items() if app in ours}


def test_every_command_stands_in_the_table():
    assert our_commands().keys() == MISUSES.keys()


# The misuse


def archive(path, manifest, *names, dump=b"no dump"):
    """An archive with a true seal, whatever is in it: `manifest` is its bytes, or what the program adds to."""
    with written(path, MADE) as writer:
        for name in names:
            writer.add(name, [b"x"])
        if dump:
            writer.add(DUMP, [dump])
        if isinstance(manifest, bytes):
            writer.add(MANIFEST, [manifest])
            writer.add("SHA256", [writer._hash_so_far().encode() + b"\n"])
        else:
            writer.finish(manifest)
    return path.read_bytes()


def header(name, size):
    """What stands in a tar before a member."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of files that are not what they are taken for."""
    folder = tmp_path_factory.mktemp("misused")
    made = folder / "made.tar"
    whole = archive(made, {})
    said = {"format": 1, "members": {}}
    contents = {
        "file": b"A file.\n",
        "empty": b"",
        "binary": b"\x00\xff\xfe{\n[" + b"9" * 5000 + b"\n" + b"[" * 5000 + b'\n{"title": "\\ud800"}\n',
        "cut": whole[:-1500],
        "flipped": whole.replace(b"no dump", b"no dUmp"),
        "no-manifest": archive(made, b"", dump=None),
        "no-json": archive(made, b"\xff"),
        "deep": archive(made, b"[" * 100_000),
        "list": archive(made, b"[]"),
        "no-members": archive(made, json.dumps(said | {"members": None}).encode()),
        "members": archive(made, json.dumps(said | {"members": {DUMP: None}}).encode()),
        "silent": whole,
        "endless": header("database.dump", 8 << 30),
        "name": header("\udcff", 0),
    }
    made.unlink()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def misuse(folder, monkeypatch):
    """Call it with a command's arguments, as they come from a shell: its exit status, and what it complains of."""
    # Commands close what they have used, and here with it the test's transaction.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    # The demo is refused by a production database only.
    monkeypatch.setattr(settings, "LOCAL", False)
    paths = {path.name: str(path) for path in folder.iterdir()}
    paths |= {"folder": str(folder), "missing": str(folder / "not-there")}

    def run(app, name, arguments):
        # Written to as a terminal's are: what is no UTF-8 passes to standard error only.
        complaint, stdin = StringIO(), SimpleNamespace(buffer=BytesIO((folder / "binary").read_bytes()))
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(sys, "stdout", TextIOWrapper(BytesIO(), "utf-8", write_through=True))
        monkeypatch.setattr(sys, "stderr", complaint)
        given = ["manage.py", name, *(argument.format(**paths) for argument in arguments)]
        # Some of Django's look there for their own name.
        monkeypatch.setattr(sys, "argv", given)
        try:
            load_command_class(app, name).run_from_argv(given)
        except SystemExit as end:
            return end.code, complaint.getvalue()
        return 0, complaint.getvalue()

    return run


def rows():
    """{table: how many rows it has}."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return dict(cursor.fetchall())


def contents(folder):
    """{path: size} of all that lies in a folder."""
    return {path: path.stat().st_size for path in folder.rglob("*")}


@pytest.mark.parametrize("name", MISUSES)
def test_misused_command_says_so_and_does_nothing(name, folder, misuse):
    app, before, lying = our_commands()[name], rows(), contents(folder)

    wrong = []
    for arguments in [*MISUSES[name], *ANYWHERE]:
        status, complaint = misuse(app, name, arguments)
        if status not in {1, 2} or not complaint.strip() or "Traceback" in complaint:
            wrong.append((arguments, status, complaint[-300:]))

    assert wrong == []
    after = rows()
    assert {table for table in before if before[table] != after[table]} <= NOTED.get(name, set())
    assert contents(folder) == lying


# These go on until they are told to stop, or ask nothing of the database.
WITHOUT_A_DATABASE = {"backup_nightly", "makemessages", "prove_embargo"}


@pytest.mark.prove
@pytest.mark.parametrize("name", MISUSES.keys() - WITHOUT_A_DATABASE)
def test_command_says_that_the_database_is_gone(name, folder, tmp_path):
    given = {
        "backup": [tmp_path],
        "demo": ["--yes"],
        "export_messages": [tmp_path / "messages.jsonl"],
        "import_messages": [folder / "empty"],
        "reset_second_factor": ["nobody"],
        "restore": [folder / "silent"],
        "verify_backup": [folder / "silent"],
    }
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "manage.py", name, *map(str, given.get(name, []))]

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert contents(tmp_path) == {}
