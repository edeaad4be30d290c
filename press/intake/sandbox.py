"""Have a child process open what strangers made: it may use so much memory and time, and knows no secret."""

import json
import subprocess
import sys
import threading

from django.conf import settings

from press.intake.refusal import Unfit

# Megabytes of address space: 40 megapixels decoded, and the picture drawn from them.
MEMORY = 768
# Of CPU time; a picture takes two or three. The clock on the wall may run on while the machine is busy.
SECONDS, SECONDS_ON_THE_WALL = 20, 60
# So many at a time in one worker of the server, whatever the number of its threads.
_at_work = threading.BoundedSemaphore(2)


def run(task, path, folder, **request):
    """The child's answer to `task` on the file at `path`, what it wrote being in `folder`. Raises Unfit."""
    asked = {"task": task, "path": str(path), "folder": str(folder), "memory": MEMORY, "seconds": SECONDS, **request}
    command = [sys.executable, "-P", "-m", "press.intake.worker", json.dumps(asked)]
    # Nothing of ours but where the code is; one arena, because each reserves what it may never use.
    environment = {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
    with _at_work:
        try:
            child = subprocess.run(  # noqa: S603 — the command is ours, the file is only named in it
                command, env=environment, cwd=folder, capture_output=True, timeout=SECONDS_ON_THE_WALL, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unfit("too_much") from error
    if child.returncode:
        raise Unfit("too_much" if child.returncode < 0 or b"MemoryError" in child.stderr else "damaged")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise Unfit(answer["refused"], **answer["facts"])
    return answer
