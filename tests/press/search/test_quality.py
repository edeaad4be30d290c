"""How well search does on the judged set (README.md beside this file)."""

import json
from math import log2
from pathlib import Path

import pytest
from django.core.management import call_command

from embassy import clock
from press.models import Edition
from press.search import find
from tests.public_site import DEMO

pytestmark = pytest.mark.django_db

JUDGED = [json.loads(line) for line in (Path(__file__).parent / "judgements.jsonl").read_text().splitlines()]
FIRST = 10


def gain(grades):
    """The discounted cumulative gain of the first ten."""
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades[:FIRST], start=1))


def ndcg(names, judged):
    """From 0 to 1: how near `names`, in their order, come to the best order there is."""
    best = sorted(judged.values(), reverse=True)
    return gain([judged.get(name, 0) for name in names]) / gain(best)


@pytest.fixture
def results():
    """{(language, query): nDCG} over the demo content."""
    call_command("import_messages", DEMO, verbosity=0)
    at = clock.now()
    names = {
        edition.pk: f"{edition.published_on}/{edition.address.slug}" for edition in Edition.objects.live(at).whole()
    }
    unknown = {name for each in JUDGED for name in each["grades"]} - set(names.values())
    assert unknown == set()

    def of(each):
        readable = Edition.objects.live(at).filter(language=each["language"])
        found = find(readable, each["query"], each["language"], at)
        return ndcg([names[key] for key in found.keys], each["grades"])

    return {(each["language"], each["query"]): of(each) for each in JUDGED}


def test_measure_tells_good_from_bad():
    judged = {"best": 3, "good": 2, "some": 1}

    assert ndcg(["best", "good", "some"], judged) == 1
    assert 0.7 < ndcg(["good", "best", "some"], judged) < 0.9
    assert ndcg(["other"] * 10 + ["best"], judged) == 0


def test_set_is_large_and_in_both_languages():
    assert [sum(each["language"] == language for each in JUDGED) for language in ("en", "ru")] == [46, 43]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_search_finds_what_readers_want(results, language):
    values = {query: value for (of, query), value in results.items() if of == language}

    mean = sum(values.values()) / len(values)

    worst = sorted(values.items(), key=lambda item: item[1])[:8]
    assert mean >= 0.9, f"{mean:.3f}, worst: {worst}"
