"""How long the database takes to search 100,000 messages: `bench/search.py [COUNT]` (a checkout's Python).

It fills a database of its own, bench_search, on the server that the settings name, with editions of
plausible length whose words are spread as in real language (Zipf), two thirds English, and drops it
at the end. Then it asks for words from the rarest to one that stands in every message, alone and
several together, and prints the median and the 99th percentile of the search with its ranking, of
the ten results with their extracts, and of both: milliseconds of the database's processor, where it
runs on this machine (so that a busy machine tells the same), else of the clock.
"""

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")

import django

django.setup()

# The settings must be there first.
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from embassy import clock  # noqa: E402
from press.models import Address, Edition, Kind, Message  # noqa: E402
from press.search import find, with_hits  # noqa: E402

NAME = "bench_search"
VOCABULARY = 40_000
ROUNDS = 12
BATCH = 1000
EVERYWHERE = {"en": "embassy", "ru": "посольство"}
SYLLABLES = {
    language: syllables.split()
    for language, syllables in {
        "en": "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo ya ze tra str pla ment ing ough ber",
        "ru": "ба ве ги до жу за ке ли мо ну па ре си то фу ха це ча ши щу э ю я стра пло нье ость ский",
    }.items()
}
BEGIN = datetime(2014, 1, 1, 9, tzinfo=UTC)
SPAN = timedelta(days=4500)


def vocabulary(chance, language):
    """Invented words, all different, the most frequent first."""
    words = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choices(SYLLABLES[language], k=chance.randint(2, 4)))] = None
    return list(words)


class Writer:
    """Texts in which the word of rank n is about 1/n as frequent as the first."""

    def __init__(self, chance, language):
        self.chance, self.language = chance, language
        self.words = vocabulary(chance, language)
        total, self.weights = 0, []
        for rank in range(VOCABULARY):
            total += 1 / (rank + 3)
            self.weights.append(total)

    def text(self, count):
        """`count` words, among them the one that stands everywhere."""
        words = self.chance.choices(self.words, cum_weights=self.weights, k=count)
        return " ".join([*words, EVERYWHERE[self.language]])


def message(chance, writers, by, now):
    """A working copy and its edition, unsaved."""
    language = chance.choice(["en", "en", "ru"])
    words = writers[language]
    kind = chance.choices(list(Kind), [70, 29, 1])[0]
    fields = {"kind": kind, "language": language, "title": words.text(8)[:200], "author": by}
    body = "".join(f"<p>{words.text(chance.randint(30, 90))}.</p>" for _ in range(chance.randint(2, 7)))
    at = BEGIN + chance.random() * SPAN
    edition = Edition(
        number=1, act="release", teaser=words.text(25), body=body, published_at=at, updated_at=at,
        published_on=at.date(), releaser=by, draft_version=1, **fields,
    )  # fmt: skip
    return Message(changed_by=by, created_at=now, changed_at=now, **fields), edition


def write(pairs):
    """Store working copies and editions, live from now on."""
    messages = Message.objects.bulk_create(message for message, _edition in pairs)
    editions = [edition for _message, edition in pairs]
    addresses = Address.objects.bulk_create(
        Address(message=message, language=message.language, date=edition.published_on, slug=f"m{message.pk}")
        for message, edition in zip(messages, editions, strict=True)
    )
    live_from = clock.database_now()
    for message, edition, address in zip(messages, editions, addresses, strict=True):
        edition.message, edition.address, edition.live_from = message, address, live_from
        edition.seal()
    Edition.objects.bulk_create(editions)


def fill(count):
    """Write `count` editions by plain statements: the column and the index are the database's work anyway."""

    chance = random.Random(count)  # noqa: S311 — invented text, not a secret
    writers = {language: Writer(chance, language) for language in ("en", "ru")}
    by = User.objects.create(username="bench")
    now = datetime.now(UTC)
    for first in range(0, count, BATCH):
        with transaction.atomic():
            write([message(chance, writers, by, now) for _number in range(min(BATCH, count - first))])
        print(f"\r{first + BATCH} messages", end="", file=sys.stderr)
    print(file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE press_edition")
    return {language: writer.words for language, writer in writers.items()}


def queries(words):
    """(what it is, language, query) from the rarest word to the one in every message."""
    for language, own in words.items():
        yield "in every message", language, EVERYWHERE[language]
        for rank in (0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000):
            yield f"word of rank {rank + 1}", language, own[rank]
        yield "two frequent words", language, f"{own[1]} {own[5]}"
        yield "frequent and rare", language, f"{own[2]} {own[2000]}"
        yield "three words", language, f"{own[20]} {own[40]} {own[60]}"
        yield "phrase", language, f'"{own[0]} {own[1]}"'
        yield "or", language, f"{own[50]} or {own[500]}"
        yield "without", language, f"{own[10]} -{own[0]}"
        yield "none has all", language, f"{own[9000]} {own[9001]}"
        yield "no such word", language, "zzzzzz"


def database_seconds():
    """The seconds of processor that this connection's server process has taken; of the clock, where it is elsewhere."""
    try:
        # Linux: nanoseconds on the processor.
        return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return time.perf_counter()


def measure(text, language):
    """Seconds of the search and of its first page, and how many it found."""

    at = datetime.now(UTC)
    begin = database_seconds()
    found = find(Edition.objects.live(at).filter(language=language), text, language, at)
    middle = database_seconds()
    with_hits(found.keys[:10], found)
    return middle - begin, database_seconds() - middle, len(found.keys)


def milliseconds(values, share):
    """The value below which `share` of the values lie."""
    return f"{1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]:8.1f}"


def report(words):
    """Ask every query ROUNDS times, in turns, and print the table."""
    asked = list(queries(words))
    times = {each: [] for each in asked}
    for _round in range(ROUNDS + 1):
        for each in asked:
            times[each].append(measure(each[2], each[1]))
    print(f"{'query':24}{'':4}{'found':>7}{'search':>10}{'p99':>9}{'page':>9}{'p99':>9}   (ms, median first)")
    total = []
    for each, measured in times.items():
        # The first round warms the caches.
        search, page, found = zip(*measured[1:], strict=True)
        total += [sum(pair) for pair in zip(search, page, strict=True)]
        columns = [
            milliseconds(search, 0.5),
            milliseconds(search, 0.99),
            milliseconds(page, 0.5),
            milliseconds(page, 0.99),
        ]
        print(f"{each[0]:24}{each[1]:4}{found[-1]:7} {' '.join(columns)}")
    print(f"all, search and page: median {milliseconds(total, 0.5)} ms, 99th percentile {milliseconds(total, 0.99)} ms")


def main(count):
    """Fill, measure, clean up."""

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    home, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], NAME
    connection.settings_dict["OPTIONS"] = {"options": "-c synchronous_commit=off"}
    try:
        call_command("migrate", verbosity=0)
        report(fill(count))
    finally:
        connection.close()
        connection.settings_dict["NAME"] = home
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
