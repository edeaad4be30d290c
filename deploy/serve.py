"""`make run`, in the environment: prepares the database and the static files, then serves as production does.

One process does it all and becomes gunicorn's master, so that whatever ends it ends everything.
"""

import hashlib
import logging
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from gunicorn.app.wsgiapp import WSGIApplication

from embassy.secret_key import local_secret_key

LOCAL = Path(__file__).resolve().parent.parent / ".local"


def main():
    """Prepare and serve until SIGINT or SIGTERM; leave with a sentence where it cannot."""
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: sys.exit(0))
    set_environment()
    try:
        django.setup()
        with embedded_postgres():
            prepare()
            serve()
    except (CommandError, ImproperlyConfigured, OperationalError) as error:
        sys.exit(str(error).strip())


def set_environment():
    """Set what production would be given, where nobody gave it: without DEBUG, for this machine only."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "embassy.settings"
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("SECRET_KEY", local_secret_key(LOCAL / "secret-key"))
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{os.environ['PORT']}")
    # The demo's officers come in with what `make run` prints.
    os.environ.setdefault("SECOND_FACTOR", "0")
    # As root the embedded PostgreSQL makes itself a user, with a command that lies there.
    os.environ["PATH"] += ":/usr/sbin:/sbin"


@contextmanager
def embedded_postgres():
    """Stop the embedded server afterwards, also one that a killed run left behind."""
    master = os.getpid()
    try:
        yield
    finally:
        # gunicorn's workers leave through here, too.
        if os.getpid() == master and settings.EMBEDDED_POSTGRES:
            from embassy.embedded_postgres import handles  # noqa: PLC0415 — the wheel may be absent

            for signum in (signal.SIGINT, signal.SIGTERM):
                signal.signal(signum, signal.SIG_IGN)
            handles.stop_unless_used(settings.EMBEDDED_POSTGRES_DIR)


def prepare():
    """Migrate, load the demo, collect static files, each only where something is to do."""
    print("Preparing the database.", flush=True)
    with calm_terminal():
        call_command("migrate", verbosity=0)
        call_command("demo", yes=True)
    collect_static()
    # gunicorn's workers must not inherit them.
    connections.close_all()


@contextmanager
def calm_terminal():
    """Spare the terminal the audit log's lines of what the demo does itself; the one in the database has them."""
    logger = logging.getLogger("audit")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


def collect_static():
    """Run collectstatic if a static file has changed since: hashing and compressing all takes ten seconds."""
    stamp = LOCAL / "static-files"
    current = static_fingerprint()
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == current:
        return
    print("Collecting static files.", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(current)


def static_fingerprint():
    """A hash of every static file's path, size and time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class Server(WSGIApplication):
    """gunicorn, which says when it is ready."""

    def load_config(self):
        super().load_config()
        self.cfg.set("when_ready", announce)


def serve():
    """Be gunicorn until a signal comes."""
    options = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{settings.PORT}"]
    sys.argv = ["gunicorn", *options, "--log-level", "warning", "embassy.wsgi"]
    Server("%(prog)s [OPTIONS] [APP_MODULE]").run()


def announce(_server):
    """Print where everything is."""
    print(
        f"\nThe press office is open:\n"
        f"  for readers    {settings.SITE_URL}/ and {settings.SITE_URL}/ru/\n"
        f"  for officers   {settings.SITE_URL}/admin/ (who may come in: .local/officers.txt)\n"
        f"Ctrl-C closes it.",
        flush=True,
    )


if __name__ == "__main__":
    main()
