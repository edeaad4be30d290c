"""Archives to measure: databases of invented messages, made once by the project's own import."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2

from embassy.embedded_postgres import handles

ROOT = Path(__file__).resolve().parent.parent
# A server of the wheel, beside the developer's own.
DATA = Path(os.environ.get("BENCH_POSTGRES_DIR", ROOT / ".local" / "bench-postgres"))
MEDIA = ROOT / ".local" / "bench-media"


def server():
    """Start the PostgreSQL that holds the archives, until this process ends; return its process id."""
    return handles.join(DATA).get_pid()


def sql(database, statement):
    """The rows of one statement, run by itself, or None."""
    with closing(psycopg2.connect(host=str(DATA), user="postgres", dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None


def archive(number):
    """The database of `number` messages, made if it is not there, with today's migrations; returns its name."""
    name = f"archive_{number}"
    is_new = (name,) not in sql("postgres", "SELECT datname FROM pg_database")
    if is_new:
        sql("postgres", f"CREATE DATABASE {name}")
    manage(name, "migrate_once")
    if is_new:
        lines = DATA.parent / f"{name}.jsonl"
        with lines.open("wb") as file:
            subprocess.run([sys.executable, "bench/make_messages.py", str(number)], cwd=ROOT, stdout=file, check=True)  # noqa: S603 — ours
        manage(name, "import_messages", str(lines))
        manage(name, "loaddata", "demo_contacts")
        manage(name, "release_consular_facts")
    manage(name, "collectstatic", "--noinput", "--verbosity", "0")
    sql(name, "VACUUM ANALYZE")
    return name


def demo():
    """The database of the demo, with its pictures, made if it is not there; returns its name."""
    if ("demo",) not in sql("postgres", "SELECT datname FROM pg_database"):
        sql("postgres", "CREATE DATABASE demo")
    manage("demo", "migrate_once")
    manage("demo", "demo", "--yes")
    manage("demo", "collectstatic", "--noinput", "--verbosity", "0")
    return "demo"


def manage(database, *command):
    """Run a management command on an archive."""
    subprocess.run(  # noqa: S603 — ours
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment(database), check=True, stdout=sys.stderr
    )


def environment(database, **more):
    """The environ in which the site runs on an archive, as in production."""
    settings = {
        "DATABASE_URL": f"postgres://postgres@/{database}?host={DATA}",
        "DEBUG": "0",
        "SECRET_KEY": "for the bench only, longer than fifty characters, and no secret at all",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1:8000",
        "STATIC_ROOT": str(ROOT / ".local" / "bench-static"),
        "MEDIA_ROOT": str(MEDIA),
        "LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **settings, **more}
