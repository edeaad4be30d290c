from collections import Counter
from itertools import pairwise
from random import Random
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from press import richtext
from press.paragraphs import number_text

# Few texts, so that they repeat, resemble each other, move and come back.
texts = st.sampled_from(["A visit to London", "A visit to Moscow", "R&D", "* * *", "Торговля", "1 < 2"])
editions = st.lists(st.lists(texts, max_size=8), min_size=1, max_size=6)


def body_of(paragraphs):
    """Clean HTML of one paragraph for each text."""
    return richtext.clean("".join(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>" for text in paragraphs))


def ids_and_texts(body):
    """Pairs of id and text of the blocks of a numbered body."""
    blocks = html.fragment_fromstring(body, create_parent="div")
    return [(block.get("id"), block.text_content()) for block in blocks]


def release_all(bodies):
    """The numbered bodies of editions that follow each other."""
    earlier = []
    for body in bodies:
        earlier.append(number_text(body, [], earlier))
    return [body for body, _exchanges in earlier]


def exchange(question, answer, **fields):
    return {"question": question, "answer": answer, **fields}


def test_every_block_gets_an_id_in_order():
    body = richtext.clean("<p>One</p><h2>Two</h2><ul><li>Three</li></ul><blockquote><p>Four</p></blockquote>")

    numbered, _exchanges = number_text(body, [], [])

    assert numbered == (
        '<p id="p1">One</p><h2 id="p2">Two</h2><ul id="p3">\n<li>Three</li>\n</ul>'
        '<blockquote id="p4">\n<p>Four</p>\n</blockquote>'
    )


def test_table_is_one_block():
    body = richtext.clean("<table><tr><th scope='col'>Day</th></tr><tr><td>Monday</td></tr></table><p>Next</p>")

    numbered, _exchanges = number_text(body, [], [])

    assert [identity for identity, _text in ids_and_texts(numbered)] == ["p1", "p2"]


def test_answers_go_on_counting_and_questions_have_numbers_of_their_own():
    exchanges = [exchange("<em>Why?</em>", "<p>Because.</p>\n<p>So.</p>"), exchange("When?", "<p>Soon.</p>")]

    body, numbered = number_text("<p>Asked today.</p>", exchanges, [])

    assert body == '<p id="p1">Asked today.</p>'
    assert numbered == [
        exchange("<em>Why?</em>", '<p id="p2">Because.</p><p id="p3">So.</p>', id="q1"),
        exchange("When?", '<p id="p4">Soon.</p>', id="q2"),
    ]


def test_empty_text_stays_empty():
    assert number_text("", [], []) == ("", [])
    assert number_text("", [exchange("Why?", "")], []) == ("", [exchange("Why?", "", id="q1")])


def test_questions_keep_their_numbers_when_one_is_put_before_them():
    first = number_text("", [exchange("Why?", "<p>Because.</p>")], [])

    _body, numbered = number_text("", [exchange("Who?", "<p>We.</p>"), exchange("Why?", "<p>Because.</p>")], [first])

    assert [(each["id"], each["answer"]) for each in numbered] == [
        ("q2", '<p id="p2">We.</p>'),
        ("q1", '<p id="p1">Because.</p>'),
    ]


def test_changed_paragraph_keeps_its_id_and_a_new_one_gets_the_next():
    before = "The ambassador met the minister in London on Monday."
    after = "The ambassador met the minister in Manchester on Monday."

    first, second = release_all([body_of([before, "Goodbye."]), body_of(["Something else.", after, "Goodbye."])])

    assert ids_and_texts(first) == [("p1", before), ("p2", "Goodbye.")]
    assert ids_and_texts(second) == [("p3", "Something else."), ("p1", after), ("p2", "Goodbye.")]


def test_long_changed_paragraph_keeps_its_id_and_a_rewritten_one_does_not():
    before = " ".join(f"word{number}" for number in range(40))
    after = before.replace("word7 ", "seven ").replace("word20 ", "")
    rewritten = " ".join(f"another{number}" for number in range(40))

    bodies = release_all([body_of([before]), body_of([after]), body_of([rewritten])])

    assert [ids_and_texts(body)[0][0] for body in bodies] == ["p1", "p1", "p2"]


def test_moved_paragraph_keeps_its_id_where_one_like_it_takes_its_place():
    moved = "The embassy will be closed on Monday."
    like_it = "The embassy will be closed on Tuesday."

    _first, second = release_all([body_of([moved, "A", "B", "C"]), body_of([like_it, "A", "B", "C", moved])])

    assert ids_and_texts(second) == [("p5", like_it), ("p2", "A"), ("p3", "B"), ("p4", "C"), ("p1", moved)]


def test_paragraphs_of_one_text_keep_their_ids_when_all_of_them_move():
    _first, second = release_all([body_of(["* * *", "a", "* * *", "b", "c"]), body_of(["b", "c", "* * *", "* * *"])])

    assert ids_and_texts(second) == [("p4", "b"), ("p5", "c"), ("p1", "* * *"), ("p3", "* * *")]


def test_id_of_a_paragraph_that_is_gone_is_not_used_again_when_it_comes_back():
    bodies = release_all([body_of(["a", "b"]), body_of(["a"]), body_of(["a", "b"])])

    assert ids_and_texts(bodies[-1]) == [("p1", "a"), ("p3", "b")]


def test_a_rewritten_page_is_compared_in_a_moment():
    dice = Random(1)
    letters = "etaoinshrdlu"
    pages = [body_of(["".join(dice.choices(letters + " ", k=600)) for _paragraph in range(15)]) for _page in range(2)]

    began = process_time()
    release_all(pages)

    # Letter by letter it took several seconds.
    assert process_time() - began < 2


@given(editions)
@settings(max_examples=200)
def test_ids_are_unique_and_never_given_to_another_paragraph_again(sequence):
    used, last = set(), set()
    for body in release_all(map(body_of, sequence)):
        ids = [identity for identity, _text in ids_and_texts(body)]
        assert len(ids) == len(set(ids))
        assert not (set(ids) - last) & used, "an id came back"
        last = set(ids)
        used |= last


@given(editions)
@settings(max_examples=200)
def test_unchanged_and_moved_paragraphs_keep_their_ids(sequence):
    bodies = [ids_and_texts(body) for body in release_all(map(body_of, sequence))]
    for before, after in pairwise(bodies):
        texts_before, texts_after = (Counter(text for _id, text in body) for body in (before, after))
        kept = Counter(text for _id, text in set(before) & set(after))
        assert kept == texts_before & texts_after


@given(editions)
def test_text_is_unchanged_but_for_the_ids(sequence):
    bodies = [body_of(paragraphs) for paragraphs in sequence]

    assert [richtext.clean(numbered) for numbered in release_all(bodies)] == bodies


@given(st.text(st.sampled_from("ab &<>\"'\xa0й\u0301"), max_size=30), st.sampled_from(["p", "h2", "li", "td", "em"]))
def test_any_clean_text_is_unchanged_but_for_the_ids(text, tag):
    body = richtext.clean(f"<{tag}>{text}</{tag}><p>After<br>a line, <a href='https://example.org/?a=1&b=2'>b</a></p>")

    numbered, _exchanges = number_text(body, [], [])

    assert richtext.clean(numbered) == body
