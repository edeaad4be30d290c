"""Prove that a stranger sees nothing of what is scheduled."""

import http.client
import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from django.core.management import BaseCommand, CommandError
from django.db import Error, connection
from tqdm import tqdm

from embassy import clock
from embassy.audit import What, record
from press.embargo.asking import Directly, OverHTTP, TooSlow, quietly
from press.embargo.canary import remove_all
from press.embargo.guard import Interrupted, guarded, stand_guard
from press.embargo.proof import Proof, Unproved
from press.embargo.questions import questions

# Any number that nothing else in this database locks.
LOCK = 5_720_180_304
# To the application that is asked directly the clock stands there: what officers do meanwhile is over by then.
SOON = timedelta(minutes=5)
MOST_TOLD = 40


class Command(BaseCommand):
    help = (
        "Schedule messages an hour ahead, ask every address as a stranger, remove them, ask again, and tell "
        "any difference (docs/operations.md). Exit status 1 if something leaked, or nothing was proved."
    )

    def add_arguments(self, parser):
        """Where to ask, and how much."""
        parser.add_argument("--url", help="ask the server at this address, by SITE_URL's name; else directly")
        parser.add_argument("--thorough", action="store_true", help="all combinations of method, condition, encoding")
        parser.add_argument("--clean", action="store_true", help="only remove what an interrupted proof has left")
        parser.add_argument("--guard", action="store_true", help="for the command's own use")

    def handle(self, *args, url, thorough, clean, guard, **options):
        """Make the proof and tell what it found. Raises CommandError."""
        if guard or clean:
            self._remove(partial(stand_guard, sys.stdin.buffer) if guard else remove_all)
            return
        asker = OverHTTP(_checked(url)) if url is not None else Directly(clock.now() + SOON)
        report = None
        try:
            with alone(), guarded(), quietly():
                report = self._proof(asker, thorough).make()
        except Interrupted as interruption:
            raise CommandError("Interrupted. Everything has been removed.", returncode=130) from interruption
        except TooSlow as slow:
            raise CommandError("Not proved: the site does not answer twice within a minute.") from slow
        except (Unproved, Error, OSError, http.client.HTTPException) as error:
            raise CommandError(f"Not proved: {error}") from error
        finally:
            outcome = {"questions": report.questions, "leaks": len(report.leaks)} if report else {"failed": True}
            record(What.EMBARGO_PROVED, url=url or "", **outcome)
        for leak in report.leaks[:MOST_TOLD]:
            self.stdout.write(leak)
        if report.leaks:
            raise CommandError(f"{len(report.leaks)} of {report.questions} answers tell that something is scheduled.")
        self.stdout.write(f"{report.questions} questions asked twice: no answer tells that something is scheduled.")

    def _proof(self, asker, thorough):
        bar = tqdm(desc="Asking", unit=" questions", file=sys.stderr, disable=None)
        return Proof(asker, partial(questions, thorough=thorough), bar.update)

    def _remove(self, remove):
        if left := remove():
            raise CommandError("\n".join(left))


@contextmanager
def alone():
    """Hold a lock that goes with this process: two proofs would remove each other's canaries. Raises Unproved."""
    with closing(connection.copy()) as keeper, keeper.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Unproved("another proof is under way.")
        yield


def _checked(url):
    """`url`, if it is one that can be asked. Raises CommandError."""
    try:
        address = urlsplit(url)
        address.port  # noqa: B018 — it is read, and refused, only here
    except ValueError as error:
        raise CommandError(f"--url is {url!r}: {error}") from error
    if (
        address.scheme not in {"http", "https"}
        or not address.hostname
        or address.path.strip("/")
        or not url.isprintable()
    ):
        raise CommandError(f"--url is {url!r}; it must look like https://press.example.org")
    return url
