"""`manage.py check_files`: the storage and the database say the same, or it tells where they do not."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from press import blobs
from tests.press.uploads_factory import make_document, make_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storage")]


def check(**options):
    """What the command prints, errors too."""
    out = io.StringIO()
    try:
        call_command("check_files", stdout=out, stderr=out, verbosity=0, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_storage_that_is_whole_is_found_so():
    make_picture()
    make_document()

    assert check() == ("5 files are named by the database, 0 files by nobody.\n", "")


def test_missing_and_damaged_files_are_named():
    missing, damaged = make_document("missing.pdf"), make_document("damaged.pdf")
    default_storage.delete(blobs.name_of(missing.sha256))
    default_storage.delete(blobs.name_of(damaged.sha256))
    default_storage.save(blobs.name_of(damaged.sha256), ContentFile(b"another"))

    printed, error = check()

    assert f"missing: {missing.sha256} (missing.pdf)" in printed
    assert f"damaged: {damaged.sha256} (damaged.pdf)" in printed
    assert error == "2 files are missing or damaged. Bring them back from a backup."


def test_waste_is_named_and_removed_when_asked():
    kept = make_document()
    waste = "f" * 64
    default_storage.save(blobs.name_of(waste), ContentFile(b"left over"))

    assert f"named by nobody: {waste}" in check()[0]
    assert default_storage.exists(blobs.name_of(waste))
    assert "1 files removed." in check(remove_waste=True)[0]

    assert list(blobs.stored()) == [kept.sha256]
