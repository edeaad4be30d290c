"""The list of who uses the embedded server, after somebody was killed."""

import json
import os
import subprocess
import sys
import time

import pytest

from embassy.embedded_postgres import handles


@pytest.fixture
def process():
    """A living process that is no PostgreSQL."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child


def dead_pid():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_forget_the_dead_keeps_only_the_living(tmp_path):
    users = tmp_path / handles.LIST
    users.write_text(json.dumps([dead_pid(), os.getpid()]))

    handles.forget_the_dead(tmp_path)

    assert json.loads(users.read_text()) == [os.getpid()]


def test_forget_the_dead_knows_that_a_number_went_to_somebody_else(tmp_path, process):
    users = tmp_path / handles.LIST
    users.write_text(json.dumps([process.pid]))
    long_ago = time.time() - 3600
    os.utime(users, (long_ago, long_ago))

    handles.forget_the_dead(tmp_path)

    assert json.loads(users.read_text()) == []


@pytest.mark.parametrize("alive", [True, False])
def test_forget_the_dead_removes_the_note_of_a_server_that_is_none(tmp_path, process, alive):
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{process.pid if alive else dead_pid()}\n{tmp_path}\n")

    handles.forget_the_dead(tmp_path)

    assert not note.exists()


def test_forget_the_dead_has_nothing_to_do_in_a_new_folder(tmp_path):
    handles.forget_the_dead(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_stop_unless_used_leaves_a_folder_without_a_server_alone(tmp_path):
    handles.stop_unless_used(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def server(tmp_path):
    """A server of its own, started by another process that was then killed; the folder it lives in."""
    data_dir = tmp_path / "postgres"
    start = (
        "import os, sys, pathlib; from embassy.embedded_postgres import handles;"
        "handles.join(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", start, data_dir], check=False)
    yield data_dir
    handles.stop_unless_used(data_dir)


def is_up(data_dir):
    return (data_dir / "postmaster.pid").exists()


def test_stop_unless_used_stops_what_a_killed_process_left(server):
    assert is_up(server)

    handles.stop_unless_used(server)

    assert not is_up(server)


def test_stop_unless_used_leaves_a_server_that_another_uses(server, process):
    (server / handles.LIST).write_text(json.dumps([process.pid]))

    handles.stop_unless_used(server)

    assert is_up(server)
    (server / handles.LIST).write_text("[]")
