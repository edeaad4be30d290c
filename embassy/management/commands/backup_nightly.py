"""Back up every night, for as long as the process runs."""

import signal
from datetime import time
from threading import Event

from django.core.management import BaseCommand

from embassy import arguments, clock
from embassy.backup import nightly
from embassy.management.commands.backup import KEEP, add_rotation

# A machine that slept, or whose clock was set, is noticed after so many seconds.
LOOK_EVERY = 60


class Command(BaseCommand):
    help = (
        "Make and prove a backup every day at a time of UTC, and at once if the last one was missed. "
        "A failure is logged, mailed to the administrators, and tried again after a quarter of an hour."
    )

    def add_arguments(self, parser):
        """The folder, the time, and what is to be kept."""
        parser.add_argument("folder", type=arguments.path)
        parser.add_argument("--at", type=arguments.time_of_utc, default=time(2, 30), help="the time of UTC: 02:30")
        parser.add_argument("--no-proof", action="store_true", help="do not restore each one into a scratch database")
        add_rotation(parser)

    def handle(self, *args, folder, at, no_proof=False, **options):
        """Go on until SIGTERM or SIGINT."""
        stopping = Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stopping.set())
        keep = {
            period: number if options[f"keep_{period}"] is None else options[f"keep_{period}"]
            for period, number in KEEP.items()
        }
        moment = nightly.next_due(at)
        while not stopping.is_set():
            if clock.now() < moment:
                stopping.wait(min(LOOK_EVERY, (moment - clock.now()).total_seconds()))
                continue
            went_well = nightly.run(folder, keep, prove=not no_proof)
            moment = nightly.next_due(at)
            if not went_well:
                moment = max(moment, clock.now() + nightly.AGAIN_AFTER)
