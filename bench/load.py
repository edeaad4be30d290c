"""How many readers the site bears, beside a hello world and nginx with a file: `python -m bench.load 1000 10000`.

Sixteen connections ask one page as fast as they are answered, in interleaved rounds:

- hello: a hello world of the same bytes and headers;
- first: the site behind a page cache that keeps nothing, where every answer is the first rendering of its page;
- warm: the site, which keeps the page; 304: the same, asked by who has it;
- nginx: the project's nginx in front of the site; file: that nginx with a static file of the same bytes.

The round with the median rate counts. Each answers gzip, as to a browser, and so a first rendering is
compressed, too. "Messages, in turn" are two thousand, one after the other, as far as the rounds come.
Results go to standard output and, as a table and a picture, to `.local/bench/`.

A page's lifetime in nginx is two seconds, and it is rendered again with the minute: both happen during
the rounds, as they would.
"""

import gzip
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench import archives, picture
from bench.measure import RESULTS, as_hello, messages, pages
from bench.proxy import add_file, nginx
from bench.servers import ask, gunicorn, processor_seconds
from bench.wrk import load

ROUNDS, SECONDS = 5, 1
PORT = 8960
GZIP = "Accept-Encoding: gzip"
# A test of the site, not of the bound on one client.
CLIENT_RATE = 1_000_000
PICTURE = re.compile(r"/files/[0-9a-f]{64}/[^\s\"]+\.jpg")
IN_TURN = "messages, in turn"


class Figures(NamedTuple):
    """What one server did with one page: requests a second, milliseconds of latency and of processor time."""

    rate: float
    median: float
    p99: float
    server: float
    database: float
    errors: int

    @property
    def processor(self):
        """The time of server and database together."""
        return self.server + self.database


class Place(NamedTuple):
    """What is asked: an address, headers of the request, the process that answers, and whether the database helps."""

    url: str
    pids: tuple
    asks_database: bool = False
    headers: tuple = ()


def figures(place, paths, postgres):
    """One round."""
    database = (postgres,) if place.asks_database else ()
    begin = processor_seconds(*place.pids), processor_seconds(*database)
    seen = load(place.url, SECONDS, headers=[GZIP, *place.headers], paths=paths)
    server, stored = (
        (processor_seconds(*pids) - before) / max(seen.requests, 1) * 1000
        for pids, before in zip((place.pids, database), begin, strict=True)
    )
    return Figures(seen.rate, seen.median, seen.p99, server, stored, seen.errors)


def median(rounds):
    """The round whose rate is the median, with the errors of all."""
    middle = sorted(rounds)[len(rounds) // 2]
    return middle._replace(errors=sum(each.errors for each in rounds))


def measure(database, path, postgres, paths=()):
    """The length of one page, gzipped, and its Figures by server; of the `paths` in turn, where they are given."""
    environ = archives.environment(database, ACCEL_LOCATION="/stored/")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        site = stack.enter_context(gunicorn("embassy.wsgi", environ, PORT))
        unkept = stack.enter_context(gunicorn("bench.unkept:application", environ, PORT + 3))
        proxy = stack.enter_context(nginx(folder, PORT, PORT + 1, CLIENT_RATE, archives.MEDIA))
        _status, headers, content = ask(proxy, path, accept_encoding="gzip")
        hello = stack.enter_context(gunicorn("bench.hello:application", as_hello(environ, headers, content), PORT + 2))
        is_compressed = ("Content-Encoding", "gzip") in headers
        file = add_file(folder, "page.html", gzip.decompress(content) if is_compressed else content)
        nginx_pid = int((folder / "nginx.pid").read_text())

        def place(port, *pids, asks_database=False, headers=(), path=path):
            return Place(f"http://127.0.0.1:{port}{path}", pids, asks_database, headers)

        known = (f"If-None-Match: {dict(headers).get('ETag', '*')}",)
        places = {
            "hello": place(PORT + 2, hello.pid),
            "first": place(PORT + 3, unkept.pid, asks_database=True),
            "warm": place(PORT, site.pid, asks_database=True),
            "304": place(PORT, site.pid, asks_database=True, headers=known),
            "nginx": place(proxy, nginx_pid, site.pid, asks_database=True),
            "file": place(proxy, nginx_pid, path=file),
        }
        rounds = {name: [] for name in places if name not in _left_out(path, paths, dict(headers))}
        for _ in range(ROUNDS):
            for name, each in rounds.items():
                each.append(figures(places[name], paths if name == "first" else (), postgres))
    return len(content), {name: median(each) for name, each in rounds.items()}


def _left_out(path, paths, headers):
    """The names of the servers that have nothing to tell of a page."""
    if path.startswith("/files/"):
        # By itself the site would leave the bytes to nginx.
        return {"first", "warm", "304"}
    if paths:
        return {"warm", "304", "nginx"}
    return set() if "ETag" in headers else {"304"}


def a_picture():
    """The address of a picture on the demo's home page."""
    with gunicorn("embassy.wsgi", archives.environment(archives.demo()), PORT) as site:
        return PICTURE.search(site.ask("/")[2].decode())[0]


def table(results):
    """The results as a Markdown table."""
    lines = [
        "| messages | page | bytes | server | requests/s | × file | p50, ms | p99, ms | server, ms | database, ms "
        "| × hello | errors |",
        "| ---: | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for number, page, length, measured in results:
        for server, each in measured.items():
            lines.append(
                f"| {number} | {page} | {length:,} | {server} | {each.rate:,.0f} "
                f"| {each.rate / measured['file'].rate:.2f} | {each.median:.2f} | {each.p99:.2f} | {each.server:.3f} "
                f"| {each.database:.3f} | {each.processor / measured['hello'].processor:.2f} | {each.errors} |"
            )
    return "\n".join(lines)


def main(numbers):
    """Load archives of these `numbers` of messages, and a picture of the demo."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    postgres = archives.server()
    results, drawn = [], []
    todo = [("demo", archives.demo(), {"a picture": a_picture()})]
    for number in numbers:
        database = archives.archive(number)
        todo.append((number, database, {**pages(database), IN_TURN: messages(database)}))
    for number, database, paths in todo:
        for name, path in paths.items():
            first, in_turn = (path[0], path) if name == IN_TURN else (path, ())
            measured = measure(database, first, postgres, in_turn)
            results.append((f"{number:,}" if number in numbers else number, name, *measured))
            print("\n".join(table(results[-1:]).splitlines()[2:]), flush=True)
            if number in numbers:
                drawn.append({"messages": number, "page": name, "first": measured[1]["first"].processor})
    (RESULTS / "load.md").write_text(table(results) + "\n")
    (RESULTS / "cost.svg").write_text(picture.cost(drawn))


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [10_000])
