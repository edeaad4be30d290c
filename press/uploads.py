"""Take an upload in: look into it in a child process, keep what may be published of it, and nothing of any other."""

import logging
import tempfile
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction

from embassy import clock
from press import blobs
from press.intake import sandbox
from press.intake.kinds import KINDS
from press.intake.refusal import Unfit
from press.models import Rendition, StoredFile
from press.plain_text import one_line

NAME_LENGTH = 150

logger = logging.getLogger(__name__)


def take_in(upload, by):
    """Keep the UploadedFile `upload` of the user `by` as a StoredFile, or find the one with the same content.

    Raises Unfit (press.intake.wording has the sentence); then no trace of it is left.
    """
    name = _name(upload.name)
    suffix = PurePosixPath(name).suffix
    if not upload.size:
        raise Unfit("empty")
    if upload.size > max(settings.PICTURE_BYTES, settings.DOCUMENT_BYTES):
        raise Unfit("too_large", limit=max(settings.PICTURE_BYTES, settings.DOCUMENT_BYTES) // 2**20)
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
        limits = {
            "pixels": settings.PICTURE_PIXELS,
            "picture_bytes": settings.PICTURE_BYTES,
            "document_bytes": settings.DOCUMENT_BYTES,
        }
        answer = sandbox.run("examine", path, folder, suffix=suffix, limits=limits)
        return _keep(Path(folder), answer, name, by)


def ensure_card(file, x, y):
    """Make the picture 1200×630 of the StoredFile `file` for links elsewhere, cut around `x`, `y` per cent, once.

    The database does not commit a release before its pictures are there. Raises Unfit.
    """
    if file.renditions.filter(purpose=Rendition.Purpose.CARD, focal_x=x, focal_y=y).exists():
        return
    with tempfile.TemporaryDirectory(prefix="card-") as folder:
        path = Path(folder) / "large"
        with blobs.opened(file.sha256) as large, path.open("wb") as copy:
            while chunk := large.read(blobs.CHUNK):
                copy.write(chunk)
        (made,) = sandbox.run("card", path, folder, x=x, y=y)["files"]
        with transaction.atomic():
            blobs.hold()
            if not file.renditions.filter(purpose=Rendition.Purpose.CARD, focal_x=x, focal_y=y).exists():
                _rendition(Path(folder), made, file.sha256, focal_x=x, focal_y=y).save()


@transaction.atomic
def _keep(folder, answer, name, by):
    blobs.hold()
    kind, first = KINDS[answer["kind"]], answer["files"][0]
    path = folder / first["path"]
    sha256 = _hash(path)
    if found := StoredFile.objects.filter(pk=sha256).first():
        return found
    file = StoredFile.objects.create(
        sha256=sha256,
        media_type=first["media_type"],
        size=path.stat().st_size,
        width=first.get("width"),
        height=first.get("height"),
        name=name,
        told=answer["told"] if not kind.is_picture else {},
        uploaded_by=by,
        uploaded_at=clock.database_now(),
    )
    Rendition.objects.bulk_create([_rendition(folder, made, sha256) for made in answer["files"]])
    return file


def _rendition(folder, made, file_id, **focal):
    """A row for a file the child made, which is put into the storage."""
    path, purpose = folder / made["path"], made["purpose"]
    sha256 = _hash(path)
    _put(path, sha256)
    ending = _ending(made["media_type"])
    middle = {"page": f"-{made.get('width')}", "card": "-card-{focal_x}-{focal_y}".format(**focal) if focal else ""}
    return Rendition(
        file_id=file_id,
        sha256=sha256,
        purpose=purpose,
        media_type=made["media_type"],
        size=path.stat().st_size,
        width=made.get("width"),
        height=made.get("height"),
        suffix=middle.get(purpose, "") + ending,
        **focal,
    )


def _put(path, sha256):
    try:
        blobs.put(path, sha256)
    except OSError as error:
        logger.exception("The storage does not take a file")
        raise Unfit("not_kept") from error


def _hash(path):
    with path.open("rb") as file:
        return blobs.sha256_of(file)


def _ending(media_type):
    return next(kind.suffixes[0] for kind in KINDS.values() if kind.media_type == media_type)


def _name(text):
    """The name of an upload in one line, without a folder; browsers of old sent one."""
    name = one_line((text or "").replace("\\", "/").rpartition("/")[2])
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if not stem or not suffix:
        raise Unfit("nameless")
    return stem[: NAME_LENGTH - len(suffix)] + suffix


@transaction.atomic
def _forget(keys):
    """Delete the rows of those files that nothing refers to; returns the hashes of what they were served as."""
    files = StoredFile.objects.select_for_update().filter(pk__in=keys)
    unused = StoredFile.objects.unused().filter(pk__in=[file.pk for file in files])
    hashes = list(Rendition.objects.filter(file__in=unused).values_list("sha256", flat=True))
    StoredFile.objects.filter(pk__in=list(unused.values_list("pk", flat=True))).delete()
    return hashes


def remove(keys):
    """Remove the stored files `keys`, but for those that something refers to, and what the storage has of them.

    The rows go first: what is in the storage without a row is only waste (manage.py check_files), a
    row without its file would be a hole in a page.
    """
    hashes = _forget(keys)
    with transaction.atomic():
        blobs.hold()
        blobs.remove_unnamed(hashes)
