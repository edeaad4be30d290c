"""A whole site to break: PostgreSQL in a folder of its own, gunicorn under a supervisor, nginx, officers and readers.

All is as in production but for the addresses: the project's own configuration of gunicorn and nginx, the office's own
forms, sent through nginx.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from socket import create_server
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import psutil
import psycopg2

from bench.proxy import nginx
from embassy.embedded_postgres import handles

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a long pass phrase for the fault tests"
READ = ["/", "/ru/", "/messages/", "/feeds/atom.xml", "/consular/"]
# Makes what the officers work on: accounts, and drafts that one of them may release.
PREPARE = """
from django.contrib.auth.models import User
from tests.press.factory import make_message
officers = [User.objects.create_user(f"officer{{n}}x", password={password!r}, is_staff=True, is_superuser=True)
            for n in range({officers})]
for n in range({drafts}):
    make_message(by=officers[n % len(officers)], title=f"A message of the day {{n}}", teaser="What happened.",
                 body="<p>The library opens at ten.</p>")
"""
BROKEN = """
SELECT 'gap or overlap', id FROM press_edition e WHERE live_until IS NOT NULL AND NOT EXISTS (
    SELECT FROM press_edition n WHERE n.message_id = e.message_id AND n.live_from = e.live_until)
UNION ALL
SELECT 'several without end', message_id FROM press_edition WHERE live_until IS NULL GROUP BY message_id
    HAVING count(*) > 1
UNION ALL
SELECT 'numbers', message_id FROM press_edition GROUP BY message_id HAVING max(number) <> count(*) OR min(number) <> 1
UNION ALL
SELECT 'released without history', e.id FROM press_edition e WHERE (
    SELECT count(*) FROM press_event v WHERE v.message_id = e.message_id AND v.what = 'released') <> 1
UNION ALL
SELECT 'history without edition', v.id FROM press_event v WHERE v.what = 'released' AND NOT EXISTS (
    SELECT FROM press_edition e WHERE e.message_id = v.message_id)
UNION ALL
SELECT 'half an edition', id FROM press_edition e WHERE file_count <> (
    SELECT count(*) FROM press_editionfile f WHERE f.edition_id = e.id)
UNION ALL
SELECT 'note left over', id FROM embassy_content_change
"""


def free_port():
    """A port of this machine that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Postgres:
    """A cluster of its own, which can be killed."""

    def __init__(self, folder, options=""):
        self.folder = folder
        self.server = handles.join(folder)
        self.socket = str(self.server.get_postmaster_info().socket_dir)
        self.options = f"-h '' -k {self.socket} {options}"
        if options:
            self.restart()

    @property
    def pid(self):
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def kill(self):
        """As the kernel does when memory is short; its container then starts it again."""
        os.kill(self.pid, signal.SIGKILL)
        self.start()

    def start(self):
        """Start it as soon as what was killed is gone."""
        deadline = time.monotonic() + 60
        while True:
            handles.forget_the_dead(self.folder)
            try:
                return self._control("-w", "-t", "60", "-o", self.options, "-l", str(self.folder / "log"), "start")
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self):
        """Stop it in good order."""
        self._control("-w", "-m", "fast", "stop")

    def restart(self):
        """Stop and start it in good order."""
        self.stop()
        self.start()

    def _control(self, *arguments):
        handles.pgexec(
            "pg_ctl", ("-D", str(self.folder), *arguments), self.server.bin_path, user=self.server.system_user
        )

    def sql(self, statement, database="press"):
        """The rows of a statement."""
        with closing(psycopg2.connect(host=self.socket, user="postgres", dbname=database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None


class Application:
    """gunicorn, started again whenever it ends, as compose's `restart: unless-stopped` does."""

    def __init__(self, environ, application="embassy.wsgi"):
        self.environ, self.application, self.port = environ, application, free_port()
        self.stopping = Event()
        self.process = self._start()
        self.supervisor = Thread(target=self._supervise)
        self.supervisor.start()

    def _start(self):
        options = ["--config", "deploy/gunicorn.conf.py", "--log-level", "critical", "--bind", f"127.0.0.1:{self.port}"]
        command = [sys.executable, "-m", "gunicorn", *options, self.application]
        # What it says of the faults that are made here is not what matters.
        said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=ROOT, env=self.environ, start_new_session=True, **said)

    def _supervise(self):
        while not self.stopping.is_set():
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            if not self.stopping.is_set():
                self.process = self._start()

    def kill(self):
        """The whole container at once."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def kill_worker(self):
        """One of its workers."""
        workers = psutil.Process(self.process.pid).children()
        if workers:
            random.choice(workers).kill()

    def renew(self):
        """A rolling restart of its workers."""
        self.process.send_signal(signal.SIGHUP)

    def is_ready(self):
        """Whether it answers and has the database."""
        try:
            with build_opener().open(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (OSError, HTTPException):
            return False

    def seconds_until_ready(self):
        """How long it took until it was."""
        begin = time.monotonic()
        while not self.is_ready():
            assert time.monotonic() - begin < 60, "The site has not come back by itself."
            time.sleep(0.05)
        return time.monotonic() - begin

    def stop(self):
        self.stopping.set()
        self.supervisor.join()
        self.process.terminate()
        self.process.wait()


class _Unredirected(HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        """Stay where the answer came from."""


class Browser:
    """An officer's."""

    def __init__(self, port):
        self.site = f"http://127.0.0.1:{port}"
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), _Unredirected())

    def ask(self, path, **fields):
        """(status, text) of an answer. Raises OSError or HTTPException where none came whole."""
        data = urlencode(fields).encode() if fields else None
        try:
            with self.opener.open(self.site + path, data, timeout=40) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def sign_in(self, username):
        """Come in; False where the site is too ill for it."""
        status, page = self.ask("/admin/login/")
        if status != 200:
            return status == 302
        fields = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": value("csrfmiddlewaretoken", page)}
        return self.ask("/admin/login/", **fields)[0] == 302


def value(name, page):
    """What a hidden field holds, or None."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found and found[1]


class Officer:
    """Releases messages one after the other, and goes on after every failure, as a person would."""

    def __init__(self, site, number):
        self.browser, self.name = Browser(site.port), f"officer{number}x"
        self.acknowledged, self.found_done, self.failures = [], [], 0

    def release(self, message):
        """Release the message with this number."""
        address = f"/admin/press/pressrelease/{message}/release/"
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                status, page = self.browser.ask(address)
                if status == 302:
                    self.browser.sign_in(self.name)
                    continue
                if status == 200 and not value("confirmed", page) and 'name="confirmed"' not in page:
                    # It is live: an answer of before was lost on its way.
                    return self.found_done.append(message)
                if status == 200:
                    fields = {name: value(name, page) for name in ("csrfmiddlewaretoken", "seen")}
                    if self.browser.ask(address, later="", confirmed="now", **fields)[0] == 302:
                        return self.acknowledged.append(message)
            except (OSError, HTTPException):
                pass
            self.failures += 1
            time.sleep(0.1)
        raise AssertionError(f"The site has not let {self.name} release message {message} for five minutes.")


class Reader(Thread):
    """Reads the same pages through nginx all the time, and notes every answer that is no page."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.count, self.failures, self.slowest = site, 0, [], 0
        self.stopping = Event()

    def run(self):
        browser = Browser(self.site.port)
        while not self.stopping.is_set():
            for path in READ:
                begin = time.monotonic()
                try:
                    status, page = browser.ask(path)
                    is_page = status == 200 and len(page) > 500
                except (OSError, HTTPException) as error:
                    status, is_page = repr(error), False
                self.count += 1
                self.slowest = max(self.slowest, time.monotonic() - begin)
                if not is_page:
                    self.failures.append((path, status))
            self.stopping.wait(0.05)


class Site:
    """All of it together."""

    def __init__(self, stack, folder, *, drafts, officers=4, options="", application="embassy.wsgi", **environ):
        self.folder = folder
        self.postgres = Postgres(environ.pop("cluster", folder / "postgres"), options)
        stack.callback(self._stop_postgres)
        self.postgres.sql("CREATE DATABASE press", "postgres")
        self.environ = {
            **os.environ,
            "DATABASE_URL": f"postgres://postgres@/press?host={self.postgres.socket}",
            "DEBUG": "0",
            "SECRET_KEY": "for the fault tests only, longer than fifty characters, and no secret at all",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1:8000",
            "SECOND_FACTOR": "0",
            "FOUR_EYES": "0",
            "STATIC_ROOT": str(ROOT / ".local" / "bench-static"),
            "MEDIA_ROOT": str(folder / "media"),
            "LOG_LEVEL": "CRITICAL",
            "PYTHONPATH": str(ROOT),
            **environ,
        }
        if not (ROOT / ".local" / "bench-static" / "staticfiles.json").exists():
            self.manage("collectstatic", "--noinput", "--verbosity=0")
        self.manage("migrate_once")
        self.manage("loaddata", "demo_contacts", "--verbosity=0")
        self.manage("release_consular_facts")
        self.manage("shell", "--command", PREPARE.format(password=PASSWORD, officers=officers, drafts=drafts))
        self.drafts = [pk for (pk,) in self.postgres.sql("SELECT id FROM press_message ORDER BY id")]
        self.application = Application(self.environ, application)
        stack.callback(self.application.stop)
        self.application.seconds_until_ready()
        self.port = stack.enter_context(nginx(folder, self.application.port, free_port()))
        self.officers = [Officer(self, number) for number in range(officers)]

    def _stop_postgres(self):
        with suppress(OSError, subprocess.SubprocessError):
            self.postgres.stop()

    def manage(self, *command):
        """Run a management command; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def read(self):
        """A Reader who reads while the block runs, after every page has been opened once."""
        reader = Reader(self)
        for path in READ:
            assert Browser(self.port).ask(path)[0] == 200
        reader.start()
        try:
            yield reader
        finally:
            reader.stopping.set()
            reader.join()

    def release_all(self, meanwhile=lambda is_over: None):
        """Let the officers release every draft, while `meanwhile(is_over)` does its worst."""
        waiting = iter(self.drafts)
        is_over = Event()

        def work(officer):
            # Of an iterator shared by threads each takes the next.
            for message in waiting:
                officer.release(message)

        with ThreadPoolExecutor(len(self.officers) + 1) as pool:
            mischief = pool.submit(meanwhile, is_over)
            try:
                list(pool.map(work, self.officers))
            finally:
                is_over.set()
            mischief.result()

    @property
    def acknowledged(self):
        """The messages whose release the office has confirmed to somebody."""
        return [message for officer in self.officers for message in officer.acknowledged]

    def assert_whole(self):
        """Every acknowledged act is there, none twice, nothing half, no gap; and a backup proves every hash."""
        released = [pk for (pk,) in self.postgres.sql("SELECT message_id FROM press_edition ORDER BY message_id")]
        done = sorted(self.acknowledged + [message for each in self.officers for message in each.found_done])
        assert released == done == self.drafts
        assert self.postgres.sql(BROKEN) == []
        (self.folder / "backups").mkdir(exist_ok=True)
        self.manage("backup", str(self.folder / "backups"))
        (archive,) = (self.folder / "backups").iterdir()
        assert "It is the same" in self.manage("verify_backup", str(archive))


@contextmanager
def running(folder, **options):
    """A Site that stops with the block."""
    with ExitStack() as stack:
        yield Site(stack, folder, **options)
