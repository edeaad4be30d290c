"""A worker's start and its memory with everything kept: `python -m bench.workers 10000`.

One worker serves an archive. It is killed, and the time until the next one answers is its start, five
times. Then messages are read until the kept pages fill what they may take, and the worker's memory is
read (PSS).
"""

import os
import signal
import statistics
import sys
import time

import psutil

from bench import archives
from bench.servers import gunicorn

PORT = 8990
STARTS = 5
# More than fit; all within a minute, after which pages are rendered anew.
MOST = 6000
MINUTE = 60
ADDRESSES = """
SELECT to_char(e.published_on, '"/messages/"YYYY/MM/DD/') || a.slug || '/' FROM press_edition e
JOIN press_address a ON a.id = e.address_id WHERE e.language = 'en' ORDER BY e.published_at DESC LIMIT {}
"""


def starts(site):
    """The seconds from the end of a worker to the first answer of the next."""
    for _ in range(STARTS):
        worker = psutil.Process(site.pid).children()[0]
        begin = time.monotonic()
        os.kill(worker.pid, signal.SIGKILL)
        while True:
            try:
                site.ask("/robots.txt")
                break
            except OSError:
                time.sleep(0.01)
        yield time.monotonic() - begin


def fill(site, paths):
    """Read messages until the minute ends; returns how many."""
    time.sleep(MINUTE - time.time() % MINUTE)
    end = time.time() + MINUTE - 5
    connection = site.connection()
    for number, path in enumerate(paths):
        if time.time() > end:
            return number
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
    return len(paths)


def main(number):
    """Measure on the archive of `number` messages."""
    archives.server()
    database = archives.archive(number)
    paths = [path for (path,) in archives.sql(database, ADDRESSES.format(MOST))]
    with gunicorn("embassy.wsgi", archives.environment(database, WEB_CONCURRENCY="1"), PORT) as site:
        seconds = list(starts(site))
        fresh = max(site.memory())
        read = fill(site, paths)
        print(f"start of a worker: {statistics.median(seconds):.2f} s (slowest of {STARTS}: {max(seconds):.2f} s)")
        print(
            f"memory of a worker: {fresh:.0f} MiB fresh, {max(site.memory()):.0f} MiB after {read:,} pages in a minute"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
