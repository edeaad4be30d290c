"""What is counted while the site is served, and how Prometheus reads it: on a port of its own, never on the public one.

Under gunicorn all workers count into files of one folder (PROMETHEUS_MULTIPROC_DIR, which
deploy/gunicorn.conf.py makes), so any of them can answer for all. Nothing personal is counted, and no
address: a label is the name of a route, and there are as many as the URLconf has.
"""

import os
import time
from functools import lru_cache

from django.conf import settings
from django.db import Error
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from embassy import clock
from embassy.backup import last_backup
from embassy.page_cache.shelf import OUTCOME
from embassy.routes import match_of
from embassy.signs import signs

# In seconds: from a kept page to one that makes a reader wonder.
BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

registry = CollectorRegistry()
REQUESTS = Counter("press_office_requests", "Requests", ["route", "method", "status"], registry=registry)
SECONDS = Histogram(
    "press_office_request_seconds", "Until an answer began", ["route"], buckets=BUCKETS, registry=registry
)
PAGES = Counter("press_office_page_cache", "What the page cache did", ["outcome"], registry=registry)
MAILS = Counter("press_office_mails", "Mails", ["outcome"], registry=registry)
MAIL_QUEUE = Gauge("press_office_mail_queue", "Mails that wait", multiprocess_mode="livesum", registry=registry)


def measured(application):
    """The WSGI `application`, counted; with the metrics at settings.METRICS_PORT. As it is where that is not set."""
    return Measured(application) if settings.METRICS_PORT else application


class Measured:
    """A WSGI application in front of another, which counts what that answers."""

    def __init__(self, application):
        self.application = application
        self.port = str(settings.METRICS_PORT)
        # Found by their labels each time they would cost more than they count.
        self.children = {}

    def __call__(self, environ, start_response):
        """Answer with the metrics where the request came in at their port; else count."""
        if environ["SERVER_PORT"] == self.port:
            return scrape(environ, start_response)
        begin = time.perf_counter()
        status = []

        def started(line, headers, exc_info=None):
            status.append(line[:3])
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        answer = self.application(environ, started)
        # It begins with the first byte; what yields before it starts is no answer of ours.
        self._count(environ, status[-1] if status else "none", time.perf_counter() - begin)
        return answer

    def _count(self, environ, status, seconds):
        method = environ["REQUEST_METHOD"]
        key = route_of(environ["PATH_INFO"]), method if method in METHODS else "other", status
        outcome = environ.get(OUTCOME, "passed")
        found = self.children.get((key, outcome))
        if found is None:
            children = (REQUESTS.labels(*key), SECONDS.labels(key[0]), PAGES.labels(outcome))
            found = self.children.setdefault((key, outcome), children)
        requests, histogram, pages = found
        requests.inc()
        histogram.observe(seconds)
        pages.inc()


@lru_cache(maxsize=4096)
def route_of(path):
    """The name of the route that `path` takes, whatever the language; "unknown" where there is none."""
    if path.startswith(settings.STATIC_URL):
        return "static"
    match = match_of(path)
    return match.view_name or "unnamed" if match else "unknown"


def scrape(environ, start_response):
    """Answer as Prometheus asks, with all workers' counts and what the database knows."""
    content = exposition()
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(content)))])
    return [content]


def exposition():
    """The metrics as text; of what the database knows only whether it answers, if it does not."""
    return generate_latest(counted()) + generate_latest(known())


def counted():
    """A registry of what all workers have counted."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return registry
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


def known():
    """A registry of what is known at this moment."""
    found = CollectorRegistry()
    found.register(Known())
    return found


class Known:
    """A collector of Signs and of the age of the last backup."""

    def collect(self):
        """The gauges; press_office_database_up alone where the database does not answer."""
        up = GaugeMetricFamily("press_office_database_up", "Whether the database answers")
        try:
            gauges = list(self._gauges(clock.now()))
        except Error:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from gauges

    def _gauges(self, at):
        families = {}
        for sign in signs(at):
            name = f"press_office_{sign.name}"
            family = families.setdefault(name, GaugeMetricFamily(name, sign.help, labels=["part"]))
            if sign.number is not None:
                family.add_metric([sign.of], sign.number)
        yield from families.values()
        age = GaugeMetricFamily("press_office_backup_age_seconds", "Seconds since the last whole backup ended")
        if run := last_backup():
            age.add_metric([], (at - run.ended_at).total_seconds())
        yield age


def total(name, **labels):
    """The sum of a counted sample (`press_office_mails_total`) over all workers, of those with `labels`."""
    return sum(
        sample.value
        for family in counted().collect()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )
