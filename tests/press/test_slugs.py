import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.models import Kind
from press.slugs import SLUG_LENGTH, numbered, slug_of

titles = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(min_codepoint=0x400, max_codepoint=0x4FF), max_size=200),
    st.text(st.sampled_from("аяюёйщъьы «»—-'’ 12"), max_size=200),
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Statement on the talks", "statement-on-the-talks"),
        ("Заявление посольства о встрече 5 июня", "zayavlenie-posolstva-o-vstreche-5-iyunya"),
        ("Ещё один объезд: щука, семья, Юг", "eshchyo-odin-obezd-shchuka-semya-yug"),
        ("ЁЛКА, ЙОД, ЮГ, ЯЛТА, ОБЪЁМ", "yolka-yod-yug-yalta-obyom"),
        ("«Россия — Британия»: диалог", "rossiya-britaniya-dialog"),
        ("The ambassador’s “R&D” visit", "the-ambassadors-r-d-visit"),
        ("Café für Übersetzer", "cafe-fur-ubersetzer"),
        ("1,000 visas", "1000-visas"),
        ("__admin__", "admin"),
    ],
)
def test_slug_is_the_title_in_plain_letters(title, slug):
    assert slug_of(title, Kind.STATEMENT) == slug


def test_slug_does_not_depend_on_how_the_title_was_typed():
    composed, decomposed = "Йод и ёж", "И\u0306од и е\u0308ж"

    assert slug_of(decomposed, Kind.STATEMENT) == slug_of(composed, Kind.STATEMENT) == "yod-i-yozh"


@pytest.mark.parametrize("title", ["!!!", "«»", "…", "ъ", "\u200b"])
@pytest.mark.parametrize("kind", Kind)
def test_slug_of_a_title_without_letters_is_its_kind(title, kind):
    assert slug_of(title, kind) == kind.value


def test_slug_ends_at_a_word():
    title = "visits " * 20

    assert slug_of(title, Kind.STATEMENT) == "-".join(["visits"] * 11)


def test_slug_of_one_endless_word_is_cut():
    assert slug_of("ю" * 200, Kind.STATEMENT) == "yu" * 40


@given(titles, st.sampled_from(Kind))
def test_slug_is_never_empty_short_and_plain(title, kind):
    slug = slug_of(title, kind)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH == 80


def test_numbered_begins_with_the_slug_itself():
    assert list(islice(numbered("talks"), 4)) == ["talks", "talks-2", "talks-3", "talks-4"]
