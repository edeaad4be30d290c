"""What the office's lists cost at 1,000 and at 100,000 messages: `bench/office_list.py [1000 100000]`.

Makes a database of its own for each size, copies one released message into it that often, and asks
for each list as an officer's browser does: queries, milliseconds in the database and in Python
(the fastest of several), and the ratio to the smallest size. Needs what the tests need.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")
os.environ["DEBUG"] = "0"

import django

django.setup()

from django.conf import settings  # noqa: E402 — the settings must be read first
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from embassy import clock  # noqa: E402
from press.acts import Seen  # noqa: E402
from press.models import Address, Edition, Kind, Message  # noqa: E402
from press.release import release  # noqa: E402

RUNS = 5
FIRST_ID = 1_000_000
SECTION = "/admin/press/pressrelease/"
LISTS = {
    "first page": SECTION,
    "last page": SECTION + "?p=last",
    "by title": SECTION + "?o=1",
    "live": SECTION + "?state=live",
    "drafts": SECTION + "?state=draft",
    "one year": SECTION + "?published_on__year=2016",
    "search": SECTION + "?q=library",
    "statements": "/admin/press/statement/",
    "index": "/admin/",
}
# 70 % press releases, 29 % statements, 1 % Q&As; every fiftieth is a draft.
KIND = f"""CASE WHEN n % 100 < 70 THEN '{Kind.PRESS_RELEASE}' WHEN n % 100 < 99 THEN '{Kind.STATEMENT}'
    ELSE '{Kind.Q_AND_A}' END"""
DAY = "DATE '2014-01-01' + (n % 4000)::int"
WORDS = "(ARRAY['library', 'concert', 'visit', 'forum', 'harvest', 'museum', 'school'])[n % 7 + 1]"


def copy(model, key, count, where="true", **columns):
    """Copy the row `key` of `model` `count` times, with SQL expressions over n in some columns."""
    columns["id"] = f"{FIRST_ID} + n"
    kept = [f.column for f in model._meta.concrete_fields if not f.generated and f.column not in columns]
    names = ", ".join([*columns, *kept])
    values = ", ".join([*columns.values(), *(f"row.{name}" for name in kept)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table} row, "  # noqa: S608
            f"generate_series(1, {count}) n WHERE row.id = {key} AND {where}"
        )


def fill(count):
    """Make `count` messages of one, and return an officer who may see them."""
    by = User.objects.create_superuser("officer")
    now = clock.database_now()
    body = "<p>The library opens on Saturdays, and every visitor is given a map.</p>" * 20
    common = {"author": by, "changed_by": by, "created_at": now, "changed_at": now, "language": "en"}
    message = Message.objects.create(kind=Kind.PRESS_RELEASE, title="One", body=body, **common)
    edition = release(message, Seen.of(message), by)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    title = f"'The ' || {WORDS} || ' of the year ' || n"
    copy(
        Message,
        message.pk,
        count,
        kind=KIND,
        title=title,
        published_on=f"CASE WHEN n % 50 = 0 THEN NULL ELSE {DAY} END",
        changed_at=f"row.changed_at - make_interval(mins => ({count} - n)::int)",
    )
    released = "n % 50 <> 0"
    copy(Address, edition.address_id, count, released, message_id=f"{FIRST_ID} + n", date=DAY, slug="'one-' || n")
    copy(
        Edition,
        edition.pk,
        count,
        released,
        message_id=f"{FIRST_ID} + n",
        address_id=f"{FIRST_ID} + n",
        kind=KIND,
        title=title,
        published_on=DAY,
        published_at=f"({DAY} + TIME '12:00') AT TIME ZONE 'UTC'",
        live_from="transaction_timestamp()",
        # Short: the office's lists read no text of editions, and the index of the search is slow to make.
        body="'<p>The library opens.</p>'",
        updated_at=f"({DAY} + TIME '12:00') AT TIME ZONE 'UTC'",
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return by


def measured(client, path):
    """Queries, and the fastest run's milliseconds in the database and in Python."""
    if path.endswith("?p=last"):
        last = client.get(path.removesuffix("?p=last")).context["cl"].paginator.num_pages
        path = path.replace("p=last", f"p={last}")
    database, python = [], []
    for _run in range(RUNS):
        begin = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        python.append(time.process_time() - begin)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
        database.append(sum(float(query["time"]) for query in queries.captured_queries))
    return len(queries), min(database) * 1000, min(python) * 1000


def measure(count):
    """What each list costs among `count` messages."""
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        client = Client()
        client.force_login(fill(count), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return {label: measured(client, path) for label, path in LISTS.items()}
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def main(counts):
    """Print a table for all sizes, each against the first."""
    setup_test_environment()
    # The hashed names are there only after collectstatic.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.SECURE_SSL_REDIRECT = settings.FOUR_EYES = settings.SECOND_FACTOR = False
    found = {count: measure(count) for count in counts}
    print(
        f"{'list':<12}{'messages':>10}{'queries':>9}{'database ms':>13}{'Python ms':>11}{'sum against the least':>23}"
    )
    for label in LISTS:
        least = sum(found[counts[0]][label][1:])
        for count in counts:
            queries, database, python = found[count][label]
            ratio = (database + python) / least
            print(f"{label:<12}{count:>10,}{queries:>9}{database:>13.1f}{python:>11.1f}{ratio:>23.2f}")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000, 100_000])
