"""The proof of the embargo: it asks everything, finds each way of leaking, and leaves nothing behind."""

from datetime import UTC, datetime, timedelta
from itertools import chain, islice

import pytest
from django.contrib.auth.models import User

from press.embargo import questions as questions_module
from press.embargo.asking import Directly, OverHTTP, quietly
from press.embargo.proof import Proof, Unproved
from press.embargo.questions import Question, questions
from press.models import (
    Address,
    Edition,
    Event,
    Feature,
    Kind,
    Message,
    Rendition,
    SearchCount,
    StoredFile,
    Topic,
    Version,
)
from tests.press.embargo import leaky_urls
from tests.press.factory import make_live

pytestmark = pytest.mark.django_db

LEAKY = "tests.press.embargo.leaky_urls"
NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
LEAKS = {
    "words": "shows " + ", ".join(f"title ({kind}, {code})" for kind in sorted(Kind.labels) for code in ("en", "ru")),
    "count": "answers with another page",
    "validator": "differs in etag",
    "lifetime": "differs in cache-control",
    "effort": "asks the database something else",
    "refusal": "answers 403, and 404 if there is nothing",
    "stored": "answers 304, and 404 if there is nothing",
    "method": "answers 405, and 404 if there is nothing",
    "compressed": "answers with another page",
    "failure": "fails with 500",
}


def proved(choose, asker=None):
    with quietly():
        return Proof(asker or Directly(NOON + timedelta(minutes=5)), choose).make()


def some(canary, paths):
    """Of each path one question or none, for each another; and home, which looks for features."""
    return chain(islice(questions(canary, paths), 7, None, 61), [Question("GET", "/"), Question("GET", "/ru/")])


def below_leaks(canary, paths):
    """All questions of the leaky pages, one of each."""
    pages = {path.split("/")[2]: path for path in reversed(paths) if path.startswith("/leaks/") and "?" not in path}
    of_files = [path for path in paths if path.startswith("/leaks/stored/")]
    return questions(canary, [*pages.values(), *of_files])


def leaks_of(report):
    """{leaky page: the first sentence about it}"""
    found = {}
    for leak in report.leaks:
        question, _, sentence = leak.rpartition(": ")
        found.setdefault(question.split("/")[2], sentence)
    return found


def rows():
    models = (Message, Edition, Address, Event, Feature, Version, StoredFile, Rendition, SearchCount, Topic)
    return {model.__name__: model._base_manager.count() for model in models}


def test_nothing_of_a_sound_site_tells_that_something_is_scheduled(freeze):
    freeze(NOON)
    make_live(title="Open")
    Topic.objects.create(slug="gardens", name_en="Gardens", name_ru="Сады")
    before = rows()

    report = proved(some)

    assert report.leaks == []
    assert report.questions > 80
    assert rows() == before
    planter = User.objects.get(username="embargo-proof")
    assert (planter.is_active, planter.has_usable_password()) == (False, False)


@pytest.mark.urls(LEAKY)
def test_each_way_of_leaking_is_found(freeze, monkeypatch):
    freeze(NOON)
    leaky_urls.seen.clear()
    monkeypatch.setattr(Proof, "look_around", lambda proof: [])
    monkeypatch.setattr("press.embargo.proof.ROUNDS", 2)

    report = proved(below_leaks)

    assert leaks_of(report) == LEAKS
    assert leaky_urls.seen


@pytest.mark.prove
@pytest.mark.urls(LEAKY)
@pytest.mark.django_db(transaction=True)
def test_leaks_are_found_over_http_and_sound_pages_pass(freeze, live_server, settings, monkeypatch):
    freeze(NOON)
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(OverHTTP, "age", 0)
    before = rows()

    def few(canary, paths):
        sound = [path for path in paths if path in {"/", "/feeds/atom.xml"} or path.startswith("/files/")]
        leaky = ["/leaks/count/", "/leaks/compressed/"]
        return questions(canary, [*sound[:4], *leaky])

    asker = OverHTTP(live_server.url)
    report = proved(few, asker)
    asker.close()

    assert leaks_of(report) == {name: LEAKS[name] for name in ("count", "compressed")}
    assert rows() == before


@pytest.mark.prove
def test_nothing_tells_that_something_is_scheduled_however_it_is_asked(freeze):
    freeze(NOON)
    make_live(title="Open")
    Topic.objects.create(slug="gardens", name_en="Gardens", name_ru="Сады")

    report = proved(questions)

    assert report.leaks == []
    assert report.questions > 4000


def test_canary_that_would_never_show_proves_nothing(freeze, monkeypatch):
    freeze(NOON)
    monkeypatch.setattr(questions_module, "routes", list)

    with pytest.raises(Unproved, match="would not show either: title, text, name of the picture"):
        proved(some)

    assert Edition.objects.count() == 0
