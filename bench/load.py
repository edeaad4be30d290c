"""How many readers the site bears, beside a hello world and nginx with a file: `python -m bench.load 10000`.

Sixteen connections ask one page as fast as they are answered: hello world, the site by itself, the site
behind the project's nginx, and that nginx with a static file of the same bytes, in interleaved rounds.
The round with the median rate counts. Each answers gzip, as to a browser. Results go to standard
output and to `.local/bench/load.md`.

A page's lifetime in nginx is two seconds, and it is rendered again with the minute: both happen during
a round, as they would.
"""

import gzip
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench import archives
from bench.measure import RESULTS, as_hello, pages
from bench.proxy import add_file, nginx
from bench.servers import ask, gunicorn, processor_seconds
from bench.wrk import load

ROUNDS, SECONDS = 3, 2
PORT = 8960
GZIP = "Accept-Encoding: gzip"
# A test of the site, not of the bound on one client.
CLIENT_RATE = 1_000_000
PICTURE = re.compile(r"/files/[0-9a-f]{64}/[^\s\"]+\.jpg")


class Figures(NamedTuple):
    """What one server did with one page: requests a second, milliseconds of latency and of processor time."""

    rate: float
    median: float
    p99: float
    processor: float
    errors: int


def figures(url, pids):
    """One round."""
    begin = processor_seconds(*pids)
    seen = load(url, SECONDS, headers=[GZIP])
    used = processor_seconds(*pids) - begin
    return Figures(seen.rate, seen.median, seen.p99, used / max(seen.requests, 1) * 1000, seen.errors)


def median(rounds):
    """The round whose rate is the median, with the errors of all."""
    middle = sorted(rounds)[len(rounds) // 2]
    return middle._replace(errors=sum(each.errors for each in rounds))


def measure(database, path, postgres):
    """The Figures of one page, by server."""
    environ = archives.environment(database, ACCEL_LOCATION="/stored/")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        site = stack.enter_context(gunicorn("embassy.wsgi", environ, PORT))
        proxy = stack.enter_context(nginx(folder, PORT, PORT + 1, CLIENT_RATE, archives.MEDIA))
        front = f"http://127.0.0.1:{proxy}"
        _status, headers, content = ask(proxy, path, accept_encoding="gzip")
        hello = stack.enter_context(gunicorn("bench.hello:application", as_hello(environ, headers, content), PORT + 2))
        is_compressed = ("Content-Encoding", "gzip") in headers
        file = add_file(folder, "page.html", gzip.decompress(content) if is_compressed else content)
        nginx_pid = int((folder / "nginx.pid").read_text())
        places = {
            "hello": (f"http://127.0.0.1:{PORT + 2}{path}", (hello.pid,)),
            "site": (f"http://127.0.0.1:{PORT}{path}", (site.pid, postgres)),
            "nginx": (f"{front}{path}", (nginx_pid, site.pid, postgres)),
            "file": (f"{front}{file}", (nginx_pid,)),
        }
        if path.startswith("/files/"):
            # By itself the site would leave the bytes to nginx.
            del places["site"]
        rounds = {name: [] for name in places}
        for _ in range(ROUNDS):
            for name, (url, pids) in places.items():
                rounds[name].append(figures(url, pids))
    return {name: median(each) for name, each in rounds.items()}


def picture():
    """The address of a picture on the demo's home page."""
    with gunicorn("embassy.wsgi", archives.environment(archives.demo()), PORT) as site:
        return PICTURE.search(site.ask("/")[2].decode())[0]


def table(results):
    """The results as a Markdown table."""
    lines = [
        "| messages | page | server | requests/s | × file | p50, ms | p99, ms | processor, ms | × hello | errors |",
        "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for number, page, measured in results:
        for server, each in measured.items():
            lines.append(
                f"| {number} | {page} | {server} | {each.rate:,.0f} | {each.rate / measured['file'].rate:.2f} "
                f"| {each.median:.2f} | {each.p99:.2f} | {each.processor:.3f} "
                f"| {each.processor / measured['hello'].processor:.2f} | {each.errors} |"
            )
    return "\n".join(lines)


def main(numbers):
    """Load archives of these `numbers` of messages, and a picture of the demo."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    postgres = archives.server()
    results = []
    todo = [("demo", archives.demo(), {"a picture": picture()})]
    for number in numbers:
        database = archives.archive(number)
        todo.append((f"{number:,}", database, pages(database)))
    for number, database, paths in todo:
        for name, path in paths.items():
            results.append((number, name, measure(database, path, postgres)))
            print("\n".join(table(results[-1:]).splitlines()[2:]), flush=True)
    (RESULTS / "load.md").write_text(table(results) + "\n")


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [10_000])
