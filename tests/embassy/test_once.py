"""Parts of a page that are rendered once: for a stamp, or for ever, and never without a stamp."""

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


class Things:
    """What never changes, by keys; notes which of them were read."""

    def __init__(self, keys):
        self.keys, self.asked = keys, []

    def read(self, keys):
        self.asked += keys
        return {key: f"thing {key}" for key in reversed(keys)}


@pytest.fixture
def rendered(rf, monkeypatch):
    """Call it with a function's name, a stamp, and what is in the context; it renders `word` within that call."""
    fresh = Memo()
    monkeypatch.setattr(memo, "once", fresh.once)
    monkeypatch.setattr(memo, "each_for_ever", fresh.each_for_ever)

    def render(tag, stamp, **context):
        request = rf.get("/")
        if stamp:
            request.environ[STAMP] = stamp
        things = Things([context.get("pk")])
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


def test_things_that_are_known_are_not_read_again(rf):
    request, fresh, things = rf.get("/"), Memo(), Things([3, 1, 2])
    request.environ[STAMP] = NOW
    fresh.each_for_ever(request, "row", Things([1]), str.upper)

    found = fresh.each_for_ever(request, "row", things, str.upper)

    assert found == ["THING 3", "THING 1", "THING 2"]
    assert things.asked == [3, 2]
    assert fresh.each_for_ever(request, "another row", Things([1]), str.title) == ["Thing 1"]


def test_parts_for_ever_are_bounded(rf):
    request, fresh = rf.get("/"), Memo()
    request.environ[STAMP] = NOW
    quarter = MOST_FOR_EVER // 4
    for number in (1, 2, 3, 4):
        fresh.each_for_ever(request, "part", Things([number]), lambda _thing: "a" * quarter)
    # Asked for again, it is not the oldest any more.
    fresh.each_for_ever(request, "part", Things([1]), lambda _thing: "b")
    fresh.each_for_ever(request, "part", Things([5]), lambda _thing: "a" * quarter)

    again = Things([1, 2, 3, 4, 5])
    fresh.each_for_ever(request, "part", again, lambda _thing: "b")

    assert again.asked == [2]
