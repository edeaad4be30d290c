"""The archive: whole or not there, and no byte of it changes unseen."""

import errno
import tarfile
from datetime import UTC, datetime

import pytest

from embassy.backup import BackupFailed
from embassy.backup.archive import DUMP, opened, written

MADE = datetime(2026, 11, 26, 2, tzinfo=UTC)


def write(path):
    with written(path, MADE) as writer:
        writer.add("files/ab/abc", [b"a pic", b"ture"])
        writer.add(DUMP, [b"x" * 600])
        writer.finish({"files": ["abc"]})
    return path


@pytest.fixture
def path(tmp_path):
    return write(tmp_path / "press-office-2026-11-26T020000Z.tar")


def test_archive_is_a_tar_that_only_its_owner_can_read(path):
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["files/ab/abc", DUMP, "manifest.json", "SHA256"]
        assert tar.extractfile("files/ab/abc").read() == b"a picture"
        assert {member.mode for member in tar} == {0o600}
    assert path.stat().st_mode & 0o777 == 0o600


def test_archive_gives_back_what_was_put_in(path):
    archive = opened(path)

    assert b"".join(archive.chunks(DUMP)) == b"x" * 600
    assert archive.manifest["files"] == ["abc"]
    assert archive.manifest["members"][DUMP]["size"] == 600


def test_flipped_byte_is_seen_wherever_it_is(path):
    content = path.read_bytes()
    # Behind the last member come two empty blocks, which say nothing.
    for place in range(0, len(content) - 1024 - 512, 53):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BackupFailed):
            opened(path)
    path.write_bytes(content)
    opened(path)


def test_damaged_member_is_named(path):
    content = path.read_bytes()
    path.write_bytes(content.replace(b"a picture", b"a pictuRe"))

    with pytest.raises(BackupFailed, match=r"is damaged: files/ab/abc is not what it was\.$"):
        opened(path)


def test_archive_that_ends_too_early_is_refused(path):
    content = path.read_bytes()
    for length in range(0, len(content) - 1536, 300):
        path.write_bytes(content[:length])
        with pytest.raises(BackupFailed):
            opened(path)


def test_other_file_is_no_backup(tmp_path):
    with written(tmp_path / "other.tar", MADE) as writer:
        writer.add("manifest.json", [b"{}"])
        writer.finish({})

    with pytest.raises(BackupFailed, match="is no backup of a press office"):
        opened(tmp_path / "other.tar")


def test_nothing_is_left_of_an_archive_that_was_not_finished(tmp_path):
    def full():
        yield b"the first half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"), written(tmp_path / "a.tar", MADE) as writer:
        writer.add(DUMP, full())

    assert list(tmp_path.iterdir()) == []
