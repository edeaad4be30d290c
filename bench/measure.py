"""What a page costs, beside a hello world of the same bytes: `make bench`, or `python -m bench.measure 1000 10000`.

For each page, in rounds that are interleaved so that what else goes on meets all alike: processor
time of the application and the database per request, for the first rendering of the page, when it is
kept (warm), when the browser has it (304), and of hello. The median round counts. Results go to
standard output and, as a table and a picture, to `.local/bench/`.
"""

import json
import statistics
import sys
from contextlib import ExitStack

from bench import archives, picture
from bench.servers import gunicorn, processor_seconds

ROUNDS, FIRST, WARM, WARM_UP = 5, 200, 400, 60
PORT = 8950
RESULTS = archives.ROOT / ".local" / "bench"
# The newest of each kind, of those that are old enough to have neighbours on both sides.
NEWEST = """
SELECT DISTINCT ON (e.kind) e.kind, to_char(e.published_on, '"/messages/"YYYY/MM/DD/') || a.slug || '/'
FROM press_edition e JOIN press_address a ON a.id = e.address_id
WHERE e.language = 'en' AND e.published_at < (SELECT max(published_at) FROM press_edition) - interval '30 days'
ORDER BY e.kind, e.published_at DESC
"""
SOME = """
SELECT to_char(e.published_on, '"/messages/"YYYY/MM/DD/') || a.slug || '/'
FROM press_edition e JOIN press_address a ON a.id = e.address_id
WHERE e.language = 'en' AND e.live_until IS NULL ORDER BY e.published_at DESC LIMIT 2000
"""


def pages(database):
    """What is measured, by name."""
    count = archives.sql(database, "SELECT count(*) FROM press_edition WHERE language = 'en'")[0][0]
    last = -(-count // 20)
    return {
        "home": "/",
        "list, first": "/messages/",
        "list, middle": f"/messages/?page={last // 2}",
        "list, last": f"/messages/?page={last}",
        **dict(archives.sql(database, NEWEST)),
        "search": "/search/?q=museum+concert",
        "feed": "/feeds/atom.xml",
        "sitemap": "/sitemap.xml",
    }


def messages(database):
    """The paths of the newest English messages, as many as an hour's readers of old ones may ask for."""
    return [path for (path,) in archives.sql(database, SOME)]


def per_request(pids, connection, path, number, headers=None):
    """The processor milliseconds of one request: the mean of `number` on one connection."""
    begin = processor_seconds(*pids)
    for _ in range(number):
        connection.request("GET", path, headers=headers or {})
        connection.getresponse().read()
    return (processor_seconds(*pids) - begin) / number * 1000


def measure(database, name, path, postgres):
    """The medians of one page, by what was measured."""
    environ = archives.environment(database)
    with ExitStack() as stack:
        site = stack.enter_context(gunicorn("embassy.wsgi", environ, PORT))
        unkept = stack.enter_context(gunicorn("bench.unkept:application", environ, PORT + 1))
        _status, headers, content = site.ask(path)
        hello = stack.enter_context(gunicorn("bench.hello:application", as_hello(environ, headers, content), PORT + 2))
        warm, cold, floor = site.connection(), unkept.connection(), hello.connection()
        for connection in (warm, cold, floor):
            per_request((), connection, path, WARM_UP)
        rounds = []
        for _ in range(ROUNDS):
            found = {
                "hello": per_request((hello.pid,), floor, path, WARM),
                "warm": per_request((site.pid, postgres), warm, path, WARM),
                "first": per_request((unkept.pid, postgres), cold, path, FIRST),
            }
            if etag := etag_of(warm, path):
                found["304"] = per_request((site.pid, postgres), warm, path, WARM, {"If-None-Match": etag})
            rounds.append(found)
        memory = max(site.memory())
    medians = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
    return {"page": name, "bytes": len(content), "memory": memory, **medians}


def as_hello(environ, headers, content):
    """The environ of a hello world that answers the same."""
    (RESULTS / "hello").write_bytes(content)
    kept = [pair for pair in headers if pair[0].lower() not in {"server", "date", "connection"}]
    return {**environ, "HELLO_CONTENT": str(RESULTS / "hello"), "HELLO_HEADERS": json.dumps(kept)}


def etag_of(connection, path):
    """The ETag a page has now."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.getheader("ETag")


def table(results):
    """The results as a Markdown table."""
    lines = [
        "| messages | page | bytes | hello, ms | first, ms | × | warm, ms | × | 304, × | worker, MiB |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        hello = result["hello"]
        unchanged = f"{result['304'] / hello:.1f}" if "304" in result else "–"
        lines.append(
            f"| {result['messages']:,} | {result['page']} | {result['bytes']:,} | {hello:.2f} "
            f"| {result['first']:.2f} | {result['first'] / hello:.1f} | {result['warm']:.2f} "
            f"| {result['warm'] / hello:.1f} | {unchanged} | {result['memory']:.0f} |"
        )
    return "\n".join(lines)


def main(numbers):
    """Measure archives of these `numbers` of messages."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    postgres = archives.server()
    results = []
    for number in numbers:
        database = archives.archive(number)
        for name, path in pages(database).items():
            results.append({"messages": number, **measure(database, name, path, postgres)})
            print(table(results[-1:]).splitlines()[-1], flush=True)
    (RESULTS / "results.json").write_text(json.dumps(results, indent=1))
    (RESULTS / "results.md").write_text(table(results) + "\n")
    (RESULTS / "cost.svg").write_text(picture.cost(results))


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [1000, 10_000, 100_000])
