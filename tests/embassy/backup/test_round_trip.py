"""A site goes into an archive and comes out of it the same, guards included."""

import resource
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client

from embassy import clock, content_version
from embassy.audit import What
from embassy.backup import BackupFailed, last_backup, making, programs, progress, proving, restoring
from embassy.backup.archive import DUMP, opened, written
from embassy.models import AuditRecord, BackupRun, Passkey, Telephone
from press import blobs
from press.acts import Seen
from press.models import Edition, Message
from press.release import release
from tests.consular.factory import make_notice, make_office, publish, show_notice
from tests.press.factory import make_correction, make_live, make_message, make_officer
from tests.press.uploads_factory import addresses_of, make_illustrated
from tests.public_site import make_site

committed = pytest.mark.django_db(transaction=True)
in_one_transaction = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
EVERYWHERE = [
    *("/", "/ru/", "/messages/", "/messages/2026/11/", "/messages/archive/", "/search/?q=text", "/consular/"),
    *("/feeds/atom.xml", "/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml", "/robots.txt", "/ru/consular/"),
]


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "backups"
    found.mkdir()
    return found


def back_up(folder):
    """The path of a new archive."""
    return folder / making.make(folder, progress.silent).archive


def make_second_factor():
    """An officer with a telephone and a passkey."""
    user = make_officer()
    Telephone.objects.create(user=user, name="telephone", confirmed=True)
    Passkey.objects.create(user=user, credential_id=b"id", public_key=b"public", added_at=clock.now())


def make_small_site(freeze):
    """A message with files and a correction, the consular section with a notice, an officer with a second factor."""
    freeze(NOON - timedelta(hours=1))
    message = make_illustrated()
    release(message, Seen.of(message), message.author)
    freeze(NOON)
    make_correction(message, note="The hour has changed.", title="A programme, corrected")
    make_live(title="Объявление", language="ru")
    make_office(hours=[(4, "09:00", "12:00")])
    publish()
    show_notice(make_notice(ends_at=NOON + timedelta(days=2)))
    make_second_factor()
    return message


def read(paths):
    """{path: (status, content)} as a reader gets them."""
    answers = {path: Client().get(path) for path in paths}
    return {path: (answer.status_code, answer.getvalue()) for path, answer in answers.items()}


def lines(text):
    return [line for line in text.splitlines() if line]


@committed
def test_restored_site_is_the_one_that_was_backed_up(folder, freeze, empty_storage, capsys):
    message = make_small_site(freeze)
    paths = [*EVERYWHERE, *(edition.get_absolute_url() for edition in Edition.objects.all()), *addresses_of(message)]
    before = read(paths)
    client = Client()
    client.force_login(message.author)
    # One that was killed has left it.
    (folder / ".press-office-2026-11-25T023000Z.tar.partial").touch()
    call_command("backup", folder)
    (path,) = folder.iterdir()
    # What comes later is gone afterwards, and so is a file that the storage lost.
    make_live()
    lost = Edition.objects.get(number=1, message=message).carried[0].file_id
    blobs.remove_unnamed([])
    blobs.default_storage.delete(blobs.name_of(lost))
    version = content_version.current().number

    with pytest.raises(CommandError, match=r"^This site is not empty \(\d+ tables have rows"):
        call_command("restore", path)
    assert Message.objects.count() == 3
    call_command("restore", path, replace=True)

    assert {status for status, _content in before.values()} == {200}
    assert read(paths) == before
    assert (Telephone.objects.count(), Passkey.objects.get().public_key.tobytes()) == (1, b"public")
    assert content_version.current().number > version
    assert client.get("/admin/").status_code == 302
    assert [(record.what, record.details) for record in AuditRecord.objects.order_by("pk")][-1] == (
        What.IMPORTED,
        {"backup": path.name},
    )
    assert f"Restored as of {NOON.isoformat()}" in capsys.readouterr().out


def refused(statement):
    """What the database says to a statement that it refuses."""
    with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    return lines(str(caught.value))[0]


@committed
def test_restored_guards_refuse_what_they_refused_before(folder):
    message = make_live()
    make_correction(message)
    path = back_up(folder)

    call_command("restore", path, replace=True)

    assert refused("UPDATE press_edition SET title = 'Another'") == "an edition never changes"
    assert refused("DELETE FROM press_edition") == "an edition that has been live never goes away"
    assert refused("TRUNCATE press_edition CASCADE") == "editions never go away"
    assert refused("DELETE FROM embassy_auditrecord") == "the audit log only grows"
    # The chain: the first edition would end at a moment at which no other begins.
    assert "edition_next" in refused("UPDATE press_edition SET live_until = now() + interval '1 day' WHERE number = 2")
    version = content_version.current().number
    make_correction(message)
    assert content_version.current().number == version + 1


@committed
def test_good_archive_is_proved_and_noted(folder, freeze, capsys):
    make_small_site(freeze)
    path = back_up(folder)

    call_command("verify_backup", path)

    assert lines(capsys.readouterr().out)[-1] == "It is the same: this archive brings the site back."
    assert last_backup().archive == path.name
    assert last_backup().proved_at is not None
    with connection.cursor() as cursor:
        scratch = f"{connection.settings_dict['NAME']}_scratch"
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [scratch])
        assert cursor.fetchone()[0] is False


@committed
def test_archive_that_is_not_what_it_says_is_not_proved(folder, tmp_path, capsys):
    """Whole by its hashes, but with a row and a file too few, a trigger and an edition's text not as they were."""
    message = make_illustrated()
    edition = release(message, Seen.of(message), message.author)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE press_edition DISABLE TRIGGER edition_update")
        cursor.execute("UPDATE press_edition SET teaser = 'Something else'")
    # Made within a second of the other, it would have the same name.
    (tmp_path / "early").mkdir()
    early = opened(back_up(tmp_path / "early"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE press_edition ENABLE TRIGGER edition_update")
    make_message()
    late = opened(back_up(folder))
    gone = sorted(blobs.named())[0]
    forged = tmp_path / "forged.tar"
    with written(forged, NOON) as writer:
        for name in late.places.keys() - {blobs.name_of(gone), DUMP, "manifest.json", "SHA256"}:
            writer.add(name, late.chunks(name))
        writer.add(DUMP, early.chunks(DUMP))
        writer.finish({**late.manifest, "files": [each for each in late.manifest["files"] if each != gone]})

    with pytest.raises(CommandError, match=r"differences\.$"):
        call_command("verify_backup", forged)

    said = capsys.readouterr().err
    assert "The table press_message has 1 rows in place of 2." in said
    assert f"The edition {edition.pk} (press.Edition) is not what was sealed." in said
    assert f"The file {gone} is not in the archive." in said
    assert "Missing: trigger CREATE TRIGGER edition_update" in said


@in_one_transaction
def test_file_that_the_storage_lost_is_told_and_the_rest_is_kept(folder, empty_storage):
    message = make_illustrated()
    lost, damaged = sorted(blobs.named())[:2]
    blobs.default_storage.delete(blobs.name_of(lost))
    with blobs.default_storage.open(blobs.name_of(damaged), "wb") as file:
        file.write(b"other bytes")

    with pytest.raises(
        CommandError, match=r"^The storage lacks or has damaged 2 files: .* all the rest, and is kept\.$"
    ):
        call_command("backup", folder)

    (path,) = folder.iterdir()
    assert opened(path).manifest["missing"] == [lost, damaged]
    assert last_backup() is None
    assert BackupRun.objects.get().archive == path.name
    assert message.photos.exists()


@in_one_transaction
@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["pg_dump", "pg_restore", "psql"], "pg_dump failed: pg_dump: error: I have no wish to."),
        (["psql"], r"pg_dump, pg_restore and psql of PostgreSQL \d+ or newer are needed here; found none\."),
    ],
)
def test_program_that_fails_or_is_not_there_leaves_nothing_behind(folder, tmp_path, monkeypatch, names, sentence):
    for name in names:
        (tmp_path / name).write_text(
            '#!/bin/sh\n[ "$1" = --version ] && echo 99.1 && exit\n'
            'echo "pg_dump: error: I have no wish to." >&2\nexit 1\n'
        )
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(programs, "_folders", lambda: [tmp_path])

    with pytest.raises(CommandError, match=f"^Not backed up: {sentence}"):
        call_command("backup", folder)

    assert list(folder.iterdir()) == []
    assert last_backup() is None
    assert BackupRun.objects.get().fault.startswith("Not backed up:")


@in_one_transaction
def test_full_disk_leaves_nothing_behind(folder):
    """As where a quota says so: no file may grow beyond 200 kB, as an archive does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(CommandError, match=r"^Not backed up: File too large$"):
            call_command("backup", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(folder.iterdir()) == []


@in_one_transaction
def test_folder_that_is_none_is_refused(folder):
    with pytest.raises(CommandError, match=r"^Not backed up: .*none is no folder that can be written to\.$"):
        call_command("backup", folder / "none")


@in_one_transaction
def test_archive_of_a_newer_version_is_refused(folder):
    path = back_up(folder)
    archive = opened(path)
    newer = path.with_name("newer.tar")
    with written(newer, NOON) as writer:
        writer.add(DUMP, archive.chunks(DUMP))
        writer.finish({**archive.manifest, "migrations": [*archive.manifest["migrations"], ["press", "9999_next"]]})

    with pytest.raises(
        CommandError, match=r"made by a newer version .* 1 migrations .*, press\.9999_next among them\.$"
    ):
        call_command("restore", newer)


@in_one_transaction
def test_new_site_counts_as_empty():
    assert restoring.used_tables() == []

    make_message()

    assert "press_message" in restoring.used_tables()


@committed
def test_dump_that_breaks_off_changes_nothing(folder):
    make_live()
    path = back_up(folder)
    archive = opened(path)
    whole = b"".join(archive.chunks(DUMP))
    broken = path.with_name("broken.tar")
    with written(broken, NOON) as writer:
        writer.add(DUMP, [whole[: len(whole) * 3 // 4]])
        writer.finish(archive.manifest)

    with pytest.raises(CommandError, match=r"^Not restored: pg_restore: error"):
        call_command("restore", broken, replace=True)

    assert Edition.objects.live(NOON + timedelta(days=3650)).count() == 1


@in_one_transaction
def test_scratch_database_needs_a_right(monkeypatch):
    def refuse(statement):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE pg_monitor; CREATE ROLE other")

    monkeypatch.setattr(proving, "_execute", refuse)

    with pytest.raises(BackupFailed, match=r"needs the right CREATEDB\.$"), proving.scratch():
        pass


@in_one_transaction
def test_one_backup_at_a_time(folder):
    with making.alone(), pytest.raises(CommandError, match="Another backup, or the check of one, is running"):
        call_command("backup", folder)


@committed
@pytest.mark.prove
def test_site_with_every_feature_comes_back_byte_for_byte(folder, tmp_path, freeze, empty_storage):
    site = make_site(tmp_path)
    freeze(clock.now() + timedelta(minutes=1))
    editions = Edition.objects.filter(act__in=["release", "correct"]).select_related("address")
    show_notice(make_notice(level="urgent", ends_at=clock.whole_minute_from(clock.now() + timedelta(days=2))))
    make_second_factor()
    paths = {path for path in site.paths.values() if path not in site.canned} | set(EVERYWHERE)
    paths |= {edition.get_absolute_url() for edition in editions}
    paths |= {address for edition in editions if edition.file_count for address in addresses_of(edition.message)}
    before = read(sorted(paths))
    path = back_up(folder)

    call_command("verify_backup", path)
    call_command("restore", path, replace=True)

    assert len(before) > 200
    assert (Telephone.objects.count(), Passkey.objects.get().public_key.tobytes()) == (1, b"public")
    assert read(sorted(paths)) == before
