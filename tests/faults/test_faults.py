"""What must not be lost is not: processes are killed, disks fill up, the database goes, clocks step.

`pytest -m prove tests/faults -s -n 0` prints what happened. RELEASES sets how many messages are released
meanwhile (500), SEED makes the same random choices again.
"""

import os
import random
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2
import pytest

from bench.proxy import program
from tests.faults.site import Browser, running

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(program() is None, reason="nginx is not installed"),
]

RELEASES = int(os.environ.get("RELEASES", "500"))
SEED = int(os.environ.get("SEED", str(random.randrange(10**6))))


@pytest.fixture
def folder():
    """A folder that the embedded server's own user may enter, too; pytest closes its own to others at every start."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def tell(what, site, reader, **more):
    """Print the figures of a run."""
    failures = sum(officer.failures for officer in site.officers)
    figures = {
        "seed": SEED,
        "released": len(site.drafts),
        "acknowledged": len(site.acknowledged),
        "officers' failed attempts": failures,
        "readers' answers": reader.count,
        "of them no page": len(reader.failures),
        "slowest (s)": round(reader.slowest, 2),
        **more,
    }
    print(f"\n{what}: " + ", ".join(f"{name} {figure}" for name, figure in figures.items()))


def test_kill_9_loses_nothing(folder):
    chance, kills, back = random.Random(SEED), {}, []
    with running(folder, drafts=RELEASES) as site:
        acts = {
            "worker": site.application.kill_worker,
            "gunicorn": site.application.kill,
            "PostgreSQL": site.postgres.kill,
        }

        def kill_at_random(is_over):
            """At any moment, but after some releases: a site that is killed faster than it starts shows nothing."""
            next_after = 1
            while not is_over.wait(chance.uniform(0, 0.5)):
                if len(site.acknowledged) < next_after:
                    continue
                next_after = len(site.acknowledged) + chance.randint(1, 20)
                name = chance.choice(list(acts))
                acts[name]()
                kills[name] = kills.get(name, 0) + 1
                back.append(site.application.seconds_until_ready())

        with site.read() as reader:
            site.release_all(kill_at_random)
        tell("kill -9", site, reader, kills=kills, slowest_recovery=round(max(back, default=0), 1))
        site.assert_whole()

    assert reader.failures == []
    assert sum(kills.values()) >= 3


def test_database_that_is_restarted_or_full_of_others_loses_nothing(folder):
    with running(folder, drafts=RELEASES // 5, options="-c max_connections=25") as site:

        def storm(is_over):
            """More clients than it takes, for two seconds, and then a restart."""
            while not is_over.wait(1):
                with ExitStack() as stack:
                    crowd(stack)
                    is_over.wait(2)
                if is_over.wait(1):
                    return
                site.postgres.restart()
                site.application.seconds_until_ready()

        def crowd(stack):
            for _ in range(40):
                try:
                    other = psycopg2.connect(host=site.postgres.socket, user="postgres", dbname="press")
                except psycopg2.OperationalError:
                    return
                stack.callback(other.close)

        with site.read() as reader:
            site.release_all(storm)
        site.application.seconds_until_ready()
        tell("storm and restart", site, reader)
        site.assert_whole()

    assert reader.failures == []


@contextmanager
def small_disk(folder, megabytes):
    """A file system of its own at `folder`; only root may make one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a file system can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Write until nothing goes in any more; returns the file to remove."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return filler


def test_full_disk_of_the_database_loses_nothing(folder):
    filled = []
    with small_disk(folder / "disk", 300) as disk:
        options = "-c max_wal_size=64MB -c min_wal_size=32MB"
        with running(folder, drafts=RELEASES // 5, options=options, cluster=disk / "postgres") as site:

            def fill_twice(is_over):
                while len(filled) < 2 and not is_over.wait(2):
                    filler = fill(disk)
                    is_over.wait(8)
                    filler.unlink()
                    filled.append(filler)
                    if not site.application.is_ready():
                        # Without room for its log PostgreSQL stops itself; its container starts it again.
                        revive(site)

            with site.read() as reader:
                site.release_all(fill_twice)
            tell("full disk of the database", site, reader, filled=len(filled))
            site.assert_whole()

    assert reader.failures == []
    assert filled


def revive(site):
    try:
        site.postgres.sql("SELECT 1")
    except psycopg2.OperationalError:
        site.postgres.start()
    site.application.seconds_until_ready()


CLOCK = "tests.faults.skewed:application"


def test_stepping_clock_of_the_application_changes_no_act(folder):
    offset, next_offset, steps = folder / "offset", folder / "next", []
    offset.write_text("0")
    with running(folder, drafts=RELEASES // 5, application=CLOCK, OFFSET_FILE=str(offset)) as site:

        def step(is_over):
            chance = random.Random(SEED)
            while not is_over.wait(0.3):
                # In one go: it is read all the time.
                next_offset.write_text(str(chance.choice([-3600, -90, 90, 0])))
                next_offset.replace(offset)
                steps.append(offset)

        with site.read() as reader:
            site.release_all(step)
        tell("clock steps", site, reader, steps=len(steps))
        site.assert_whole()
        early = site.postgres.sql("SELECT count(*) FROM press_edition WHERE live_from > now()")

    assert early == [(0,)]
    assert reader.failures == []


def test_renewed_workers_and_replaced_containers_fail_no_request(folder):
    """HUP to gunicorn; every request is answered by the application itself, past nginx's cache."""
    with running(folder, drafts=10) as site:
        failures, asked = [], 0
        browser = Browser(site.port)
        end = time.monotonic() + 20
        renewals = 0
        while time.monotonic() < end:
            if asked % 100 == 0:
                site.application.renew()
                renewals += 1
            status, _page = browser.ask(f"/search/?q=library+{asked}")
            asked += 1
            if status != 200:
                failures.append(status)
        print(f"\nrolling restart: {renewals} renewals, {asked} requests, {len(failures)} failures")

    assert failures == []
    assert renewals >= 2
