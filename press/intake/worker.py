"""The child process in which uploads are opened: `python -m press.intake.worker REQUEST`.

It has no Django, no settings, no secrets and no connection to the database; its memory, time and
output are limited before it opens anything. REQUEST is JSON; so is the answer, on standard output.
"""

import json
import resource
import sys
from pathlib import Path

from press.intake import kinds
from press.intake.refusal import Unfit

MEGABYTE = 1024 * 1024
LARGEST_OUTPUT = 64 * MEGABYTE


def limit(memory, seconds):
    """Let this process have `memory` megabytes and `seconds` of CPU time, and leave no core behind."""
    for what, most in (
        (resource.RLIMIT_AS, memory * MEGABYTE),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def examine(path, folder, suffix, limits):
    """What the upload at `path`, whose name ended in `suffix`, is: kind, files to keep, what it tells. Raises Unfit."""
    size = path.stat().st_size
    if not size:
        raise Unfit("empty")
    with path.open("rb") as file:
        head = file.read(kinds.HEAD)
    kind = kinds.kind_by_content(head)
    if kind is None:
        raise Unfit("foreign", found=kinds.foreign_by_content(head))
    told, files = {}, None
    if kind == kinds.PACKAGE:
        from press.intake import packages  # noqa: PLC0415 — each kind's library is loaded for that kind only

        kind, told = packages.examine(path)
    check_name_and_size(kind, suffix, size, limits)
    if kind == kinds.PDF:
        from press.intake import pdf  # noqa: PLC0415

        told = pdf.examine(path)
    if kind.is_picture:
        from press.intake import pictures  # noqa: PLC0415

        files = pictures.examine(path, kind, folder, limits["pixels"])
    else:
        files = [{"path": path.name, "media_type": kind.media_type, "purpose": "document"}]
    return {"kind": kind.name, "files": files, "told": told}


def check_name_and_size(kind, suffix, size, limits):
    """The name says what the content is, and it is not too large. Raises Unfit."""
    if suffix.lower() not in kind.suffixes:
        raise Unfit("mismatched", suffix=suffix, found=kind.name)
    most = limits["picture_bytes" if kind.is_picture else "document_bytes"]
    if size > most:
        raise Unfit("too_large", limit=most // MEGABYTE)


def card(path, folder, x, y):
    """Cut the picture at `path` for links elsewhere."""
    from press.intake import pictures  # noqa: PLC0415

    return {"files": pictures.card(path, folder, x, y)}


def main(request):
    """Answer one request; only what is no refusal is an error."""
    limit(request.pop("memory"), request.pop("seconds"))
    task = {"examine": examine, "card": card}[request.pop("task")]
    try:
        answer = task(Path(request.pop("path")), Path(request.pop("folder")), **request)
    except Unfit as unfit:
        answer = {"refused": unfit.code, "facts": unfit.facts}
    except MemoryError:
        answer = {"refused": "too_much", "facts": {}}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
