"""Parts of a page that are rendered once: for a stamp, or for ever, and never without a stamp."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import translation

from embassy.page_cache import memo
from embassy.page_cache.memo import MOST_FOR_EVER, Memo
from embassy.page_cache.shelf import STAMP, Stamp

SOURCES = {
    "once": '{% call once(request, "part", pk) %}{{ word }}{% endcall %}',
    "each_for_ever": '{% call(thing) each_for_ever(request, things, "part") %}{{ word }}{% endcall %}',
}
NOW, LATER = Stamp(7, 100), Stamp(7, 101)


@pytest.fixture
def rendered(rf, monkeypatch):
    """Call it with a function's name, a stamp, and what is in the context; it renders `word` within that call."""
    fresh = Memo()
    monkeypatch.setattr(memo, "once", fresh.once)
    monkeypatch.setattr(memo, "once_for_ever", fresh.once_for_ever)

    def render(tag, stamp, **context):
        request = rf.get("/")
        if stamp:
            request.environ[STAMP] = stamp
        things = [SimpleNamespace(pk=context.get("pk"))]
        return (
            engines["jinja2"]
            .from_string(SOURCES[tag])
            .template.render({"request": request, "things": things, **context})
        )

    return render


def test_part_of_a_stamp_is_rendered_once_for_it(rendered):
    words = [rendered("once", stamp, word=word) for stamp, word in [(NOW, "a"), (NOW, "b"), (LATER, "c"), (LATER, "d")]]

    assert words == ["a", "a", "c", "c"]


def test_part_of_what_never_changes_is_rendered_once(rendered):
    words = [rendered("each_for_ever", stamp, pk=1, word=word) for stamp, word in [(NOW, "a"), (LATER, "b")]]

    assert words == ["a", "a"]
    assert rendered("each_for_ever", LATER, pk=2, word="other") == "other"


@pytest.mark.parametrize("tag", ["once", "each_for_ever"])
def test_each_language_has_its_own_part(rendered, tag):
    rendered(tag, NOW, word="English")

    with translation.override("ru"):
        assert rendered(tag, NOW, word="Russian") == "Russian"
    assert rendered(tag, NOW, word="not seen") == "English"


@pytest.mark.parametrize("tag", ["once", "each_for_ever"])
def test_officers_page_is_rendered_anew(rendered, tag):
    assert [rendered(tag, None, word=word) for word in "ab"] == ["a", "b"]


@pytest.mark.parametrize("tag", ["once", "each_for_ever"])
def test_what_is_escaped_stays_so(rendered, tag):
    assert [rendered(tag, NOW, word="<b>") for _ in "ab"] == ["&lt;b&gt;", "&lt;b&gt;"]


def test_parts_for_ever_are_bounded(rf):
    request, fresh = rf.get("/"), Memo()
    request.environ[STAMP] = NOW
    for number in range(MOST_FOR_EVER + 1):
        fresh.once_for_ever(request, number, lambda: "old")

    assert fresh.once_for_ever(request, 0, lambda: "new") == "new"
    assert fresh.once_for_ever(request, MOST_FOR_EVER, lambda: "new") == "old"


def test_each_of_several_is_rendered_once(rf, monkeypatch):
    monkeypatch.setattr(memo, "once_for_ever", Memo().once_for_ever)
    request, rendered = rf.get("/"), []
    request.environ[STAMP] = NOW
    source = '{% call(thing) each_for_ever(request, things, "part") %}{{ thing.told() }}{% endcall %}'
    things = [SimpleNamespace(pk=pk, told=lambda pk=pk: rendered.append(pk) or f"<{pk}>") for pk in (1, 2, 3)]

    pages = [
        engines["jinja2"].from_string(source).template.render({"request": request, "things": some})
        for some in (things[:2], things)
    ]

    assert pages == ["&lt;1&gt;&lt;2&gt;", "&lt;1&gt;&lt;2&gt;&lt;3&gt;"]
    assert rendered == [1, 2, 3]
