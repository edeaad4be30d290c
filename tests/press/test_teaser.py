import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press import richtext
from press.models import Kind
from press.models.message import TEASER_LENGTH
from press.teaser import teaser_of

TITLE = "A title"
LONG = "It was a long and friendly talk about trade and culture in both countries, " * 3


def teaser(body, title=TITLE, own="", questions=(), kind=Kind.PRESS_RELEASE):
    return teaser_of(title, own, richtext.clean(body), list(questions), kind)


def test_teaser_is_the_officers_own():
    assert teaser("<p>The text.</p>", own="  The officer’s words ") == "The officer’s words"


def test_teaser_of_the_officer_that_repeats_the_title_is_not_used():
    assert teaser("<p>The text.</p>", own=" a  TITLE. ") == "The text."


def test_teaser_is_as_many_first_sentences_as_fit():
    first, second, third = "First. ", f"{LONG.strip()} second. ", "Third sentence that no longer fits in here."

    assert teaser(f"<p>{first}{second}{third * 2}</p>") == f"{first}{second}".strip()


def test_teaser_has_no_tags_and_no_line_breaks():
    assert (
        teaser("<p>One <em>of</em><br>two &amp; <a href='https://example.org/'>three</a>.</p>") == "One of two & three."
    )


def test_teaser_goes_on_into_the_next_paragraph():
    assert teaser("<p>One.</p><p>Two.</p>") == "One. Two."


@pytest.mark.parametrize("first", ["A title", "A title.", "a  TITLE", "<em>A</em> title!"])
@pytest.mark.parametrize("block", ["p", "h2"])
def test_teaser_never_repeats_the_title(first, block):
    assert teaser(f"<{block}>{first}</{block}><p>The text.</p>") == "The text."


def test_teaser_never_repeats_a_title_of_two_sentences():
    assert teaser("<p>Closed. What now?</p><p>The text.</p>", title="Closed. What now?") == "The text."


def test_teaser_of_a_text_that_is_the_title_is_empty():
    assert teaser(f"<p>{TITLE}</p>") == ""


def test_teaser_leaves_out_headings_and_datelines():
    body = (
        "<p>London, 12 May 2026</p><h2>Programme</h2><p>The visit begins today.</p><p>It ends soon.</p>"
        "<h2>Talks</h2><p>Later.</p>"
    )

    assert teaser(body) == "The visit begins today. It ends soon."


def test_teaser_of_a_text_without_sentences_is_its_first_line():
    assert teaser("<h2>Programme</h2><ul><li>Talks</li><li>Lunch</li></ul>") == "Programme"


def test_teaser_of_nothing_is_nothing():
    assert teaser("") == ""


def test_teaser_of_a_q_and_a_is_its_first_question():
    assert teaser("<p>Asked today.</p>", questions=["Why <em>now</em>?", "Who?"], kind=Kind.Q_AND_A) == "Why now?"


def test_teaser_of_a_q_and_a_without_questions_is_its_text():
    assert teaser("<p>Asked today.</p>", kind=Kind.Q_AND_A) == "Asked today."


def test_teaser_of_a_q_and_a_named_for_its_first_question_is_the_second():
    assert teaser("", title="Why now?", questions=["Why now?", "Who?"], kind=Kind.Q_AND_A) == "Who?"


@pytest.mark.parametrize(
    "sentence",
    [
        "The ambassador received Mr. Example and Dr. Sample at noon.",
        "H.E. A. B. Example spoke first.",
        "It concerns e.g. London, i.e. No. 5 in St. Example’s Street.",
        "Посол А. Б. Примеров принял гостей.",
        "Встреча прошла на ул. Садовой в г. Примерске, т. е. в центре.",
        "Бюджет составил 5 тыс. Рублей хватило, т. к. Посольство помогло.",
    ],
)
def test_teaser_does_not_end_at_an_abbreviation(sentence):
    # One character too long to fit whole, long enough to be cut at any full stop within it.
    before = f"{LONG}{'so ' * 99}"[: TEASER_LENGTH - len(sentence) - 1].rstrip(" ,") + "…"
    before = before.ljust(TEASER_LENGTH - len(sentence), "…")

    assert len(f"{before} {sentence}") == TEASER_LENGTH + 1
    assert teaser(f"<p>{before} {sentence}</p>") == before


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Он сказал: «Да.» Потом ушёл.", "Он сказал: «Да.»"),
        ("«Зачем?» – спросили нас. Мы ответили.", "«Зачем?» – спросили нас."),
        ("Это важно! «Договор» подписан.", "Это важно!"),
        ("He said: “No.” “Why?” they asked.", "He said: “No.”"),
        ("It ended in 2018. 15 people came.", "It ended in 2018."),
        ("Wait… The rest follows.", "Wait…"),
        ("(This is known.) The rest follows.", "(This is known.)"),
    ],
)
def test_teaser_ends_after_closing_quotes(text, first):
    filler = " ".join(["длинное слово"] * 25)

    assert teaser(f"<p>{text[:-1]} {filler}.</p>") == first


def test_teaser_of_a_long_first_sentence_is_cut_at_a_word():
    shown = teaser(f"<p>{LONG * 3}end.</p>")

    assert len(shown) <= TEASER_LENGTH
    assert shown.endswith("…")
    assert f"{LONG * 3}end.".startswith(shown[:-1] + " ") or f"{LONG * 3}end.".startswith(shown[:-1] + ",")
    assert len(shown) > TEASER_LENGTH - 20


def test_teaser_of_one_endless_word_is_cut():
    assert teaser(f"<p>{'ю' * 400}.</p>") == "ю" * (TEASER_LENGTH - 1) + "…"


words = st.sampled_from(["А.", "Mr.", "Да!", "visit", "«договор»", "2018 г.", "end.", "why?", "(so)", "word" * 20, "–"])
paragraphs = st.lists(st.lists(words, min_size=1, max_size=60).map(" ".join), max_size=4)


@given(paragraphs, st.lists(words, min_size=1, max_size=4).map(" ".join), st.sampled_from(Kind))
def test_teaser_is_short_ends_at_a_word_and_is_not_the_title(texts, title, kind):
    body = "".join(f"<p>{text}</p>" for text in texts)

    shown = teaser(body, title=title, questions=texts[:1], kind=kind)

    assert len(shown) <= TEASER_LENGTH
    assert shown != title
    whole = set(re.findall(r"\w+", " ".join(texts)))
    assert set(re.findall(r"\w+", shown)) <= whole, "a word was cut"
