import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from press.extracts import LENGTH, START, STOP, extract, hits, whole


def marked(text, *words):
    """What the database makes of folded `text`."""
    for word in words:
        text = text.replace(word, f"{START}{word}{STOP}")
    return text


def test_hits_are_marked():
    assert whole("A winter garden", marked("A winter garden", "winter")) == "A <mark>winter</mark> garden"


def test_text_keeps_the_accents_that_the_search_left_out():
    text = "The façade, ёлка, до\u0301ма, soft\u00adhyphen."

    shown = whole(text, marked("The facade, елка, дома, softhyphen.", "facade", "елка", "дома", "softhyphen"))

    assert shown == (
        "The <mark>façade</mark>, <mark>ёлка</mark>, <mark>до\u0301ма</mark>, <mark>soft\u00adhyphen</mark>."
    )


@pytest.mark.parametrize("text", ["<script>alert(1)</script> zebra", 'zebra "& <b>', "</mark><mark>zebra"])
def test_everything_but_the_marks_is_escaped(text):
    shown = whole(text, marked(text, "zebra"))

    root = html.fragment_fromstring(shown, create_parent="p")
    assert isinstance(shown, SafeString)
    assert root.text_content() == text
    assert [element.tag for element in root] == ["mark"]


def test_extract_is_the_piece_with_the_most_different_hits():
    text = "zebra " + "word " * 200 + "zebra and giraffe " + "word " * 200

    shown = extract(text, marked(text, "zebra", "giraffe"))

    assert (shown[:6], shown[-6:]) == ("… word", "word …")
    assert "<mark>zebra</mark> and <mark>giraffe</mark>" in shown
    assert len(html.fragment_fromstring(shown, create_parent="p").text_content()) <= LENGTH + 4


def test_extract_without_hits_is_empty():
    assert extract("A text", "A text") == ""


def test_extract_of_a_word_without_end_is_cut():
    text = "z" * 5000

    assert extract(text, marked(text, text)).count("z") <= LENGTH


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(alphabet="<>&\"'a" + START + STOP))
def test_whatever_the_words_nothing_but_marks_is_markup(text, marks):
    for shown in (whole(text, marks), extract(text, marks), whole(marks, text), extract(marks + text, marks)):
        bare = shown.replace("<mark>", "").replace("</mark>", "")
        assert not {"<", ">", '"'} & set(bare)


@given(st.text(), st.text())
def test_hits_lie_within_the_text(text, marks):
    assert all(0 <= start <= end <= len(text) for start, end in hits(text, marks))
