"""import_messages and export_messages as an operator uses them."""

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from press import exporting, importing
from press.models import Edition, Message
from tests.press.factory import make_live
from tests.press.test_importing import raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def pipe(monkeypatch):
    """Standard input with some bytes, and standard output, as binary streams."""

    def give(content=b""):
        # A pipe can be read once only.
        source = io.BufferedReader(io.BytesIO(content))
        source.seekable = lambda: False
        sink = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=source))
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=sink))
        return sink

    return give


def run(*arguments):
    """What a command writes to standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refusal(*arguments):
    """What a command writes to standard error, and the sentence it ends with."""
    err = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(*arguments, stdout=io.StringIO(), stderr=err)
    assert refused.value.returncode == 1
    return err.getvalue(), str(refused.value)


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def write_file(content):
        path = tmp_path / "messages.jsonl"
        path.write_bytes(content)
        return path

    return write_file


# Import


def test_import_says_what_it_did(write):
    path = write(raw({"source": "old-1"}, {}))

    assert run("import_messages", path) == ("2 messages imported, 0 skipped that had been imported before.\n", "")
    assert run("import_messages", path) == ("1 messages imported, 1 skipped that had been imported before.\n", "")
    assert Message.objects.count() == Edition.objects.count() == 3


def test_import_reads_standard_input(pipe):
    pipe(raw({}, {}))

    assert run("import_messages", "-")[0].startswith("2 messages imported")
    assert Edition.objects.count() == 2


def test_dry_run_says_what_would_happen_and_writes_nothing(write):
    run("import_messages", write(raw({"source": "old-1"})))
    path = write(raw({"source": "old-1"}, {}, {}))

    out, _err = run("import_messages", path, "--dry-run")

    assert out == "2 messages would be imported, 1 skipped that had been imported before.\n"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_faults_are_listed_and_nothing_is_imported(write, dry):
    path = write(raw({}, {"title": "", "slug": "/"}, {}, {"kind": "news"}))

    listed, sentence = refusal("import_messages", path, *dry)

    assert listed.splitlines() == [
        "line 2, title: is empty",
        "line 2, slug: must be 1 to 80 of the characters a to z, A to Z, 0 to 9, - and _",
        "line 4, kind: must be one of: press-release, statement, q-and-a",
    ]
    assert sentence == "Faults: 3. Nothing has been imported."
    assert not Message.objects.exists()


def test_long_list_of_faults_is_cut(write, monkeypatch):
    monkeypatch.setattr(importing, "FAULTS_KEPT", 2)

    listed, sentence = refusal("import_messages", write(raw(*[{"title": ""}] * 5)))

    assert listed.splitlines() == ["line 1, title: is empty", "line 2, title: is empty", "… and 3 more."]
    assert sentence == "Faults: 5. Nothing has been imported."


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_file_that_cannot_be_read_is_named(tmp_path, name):
    _err, sentence = refusal("import_messages", tmp_path / name)

    assert sentence.startswith("Nothing has been imported: ")
    assert str(tmp_path) in sentence


def test_import_that_runs_already_is_told(write, monkeypatch):
    def refuse(*arguments):
        raise importing.AlreadyRunning

    monkeypatch.setattr(importing, "release_all", refuse)

    assert refusal("import_messages", write(raw({})))[1] == "Another import is running. Nothing has been imported."


def test_fault_of_the_database_is_told(write, monkeypatch):
    def collide(*arguments):
        Message.objects.create(author_id=None)

    monkeypatch.setattr(importing, "release_batch", collide)

    _err, sentence = refusal("import_messages", write(raw({})))

    assert sentence.startswith("The database refused, so nothing has been imported: ")


# Export


def test_export_writes_a_file_that_can_be_imported(tmp_path):
    make_live(title="Заявление", language="ru")
    path = tmp_path / "export.jsonl"

    out, err = run("export_messages", path)

    assert (out, err) == ("", "1 messages exported.\n")
    assert [json.loads(line)["title"] for line in path.read_text("utf-8").splitlines()] == ["Заявление"]
    assert run("import_messages", path)[0].startswith("0 messages imported, 1 skipped")


def test_export_writes_to_standard_output(pipe):
    make_live(title="A visit")
    sink = pipe()

    run("export_messages", "-")

    assert json.loads(sink.getvalue())["title"] == "A visit"


def test_export_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    def fail(stream, *arguments):
        stream.write(b"half of it")
        raise OSError("the disk is full")

    path = tmp_path / "export.jsonl"
    path.write_bytes(b"before")
    monkeypatch.setattr(exporting, "export", fail)

    assert refusal("export_messages", path)[1] == "Not exported: the disk is full"
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("export.jsonl", b"before")]


def test_export_replaces_the_file_behind_a_link(tmp_path):
    path, link = tmp_path / "export.jsonl", tmp_path / "newest.jsonl"
    path.write_bytes(b"before")
    link.symlink_to(path)

    run("export_messages", link)

    assert link.is_symlink()
    assert path.read_bytes() == b""


def test_export_refuses_what_is_no_file(tmp_path):
    assert refusal("export_messages", tmp_path)[1] == f"Not exported: {tmp_path} is no file."
    assert refusal("export_messages", tmp_path / "no" / "x")[1].startswith("Not exported: ")
