"""Differences are of words, not of tags."""

import pytest

from embassy.difference import DELETED, INSERTED, SAME, Run, compare, summary
from press.difference import differences, words_of


def shown(difference):
    """A difference as text: [-gone-] and {+new+}; folded lines are left out."""
    marks = {SAME: "{}", DELETED: "[-{}-]", INSERTED: "{{+{}+}}"}
    return [
        "".join(marks[run.act].format(run.text.strip()) for run in line)
        for stretch in difference.stretches
        if not stretch.folded
        for line in stretch.lines
    ]


def of_body(old, new):
    found = differences({"body": old}, {"body": new})
    return [shown(difference) for difference in found]


def test_words_that_changed_are_told_and_no_tag_is():
    old = "<p>The reading room opens at <strong>ten</strong> and closes at six.</p>"
    new = "<p>The reading room opens at <strong>nine</strong> and closes at <em>six</em>.</p>"

    assert of_body(old, new) == [["The reading room opens at[-ten-]{+nine+}and closes at six."]]


def test_same_contents_have_no_difference():
    content = {"title": "A", "body": "<p>B</p>", "signed_on": None, "exchanges": [{"question": "Q", "answer": "A"}]}

    assert differences(content, dict(content)) == []


def test_formatting_alone_is_a_difference_without_words():
    (found,) = differences({"body": "<p>Hello there</p>"}, {"body": "<h2>Hello there</h2>"})

    assert (found.name, found.stretches) == ("body", [])


def test_ids_of_paragraphs_are_no_difference():
    assert differences({"body": '<p id="p1">Hello</p>'}, {"body": "<p>Hello</p>"}) == []


def test_link_that_leads_elsewhere_is_a_difference():
    old, new = (f'<p>See <a href="https://example.org/{page}">the list</a>.</p>' for page in ("old", "new"))

    assert of_body(old, new) == [["See the list[-(https://example.org/old).-]{+(https://example.org/new).+}"]]


def test_paragraphs_that_nothing_resembles_are_deleted_and_inserted_whole():
    old = "<p>Tickets cost five pounds for all visitors.</p><p>The gate is closed.</p>"
    new = "<p>Dogs are welcome on a short lead only.</p><p>The gate is closed.</p>"

    assert of_body(old, new) == [
        [
            "[-Tickets cost five pounds for all visitors.-]",
            "{+Dogs are welcome on a short lead only.+}",
            "The gate is closed.",
        ]
    ]


def test_unchanged_paragraphs_far_from_a_change_are_folded():
    text = "".join(f"<p>Paragraph number {number} of the text.</p>" for number in range(6))

    (found,) = differences({"body": text}, {"body": text + "<p>One more.</p>"})

    assert [(len(stretch.lines), stretch.folded) for stretch in found.stretches] == [(5, True), (2, False)]


def test_parts_are_compared_by_their_words():
    old = {"exchanges": [{"question": "Why now?", "answer": "<p>It is time.</p>"}]}
    new = {"exchanges": [{"question": "Why now?", "answer": "<p>It is high time.</p>"}, {"question": "And then?"}]}

    (found,) = differences(old, new)

    assert (found.name, shown(found)) == (
        "exchanges",
        ["Question: Why now?", "Answer: It is{+high+}time.", "{+Question: And then?+}"],
    )


def test_moved_part_is_a_difference():
    rows = [{"on_behalf_of": "The Embassy"}, {"on_behalf_of": "The Ministry of the Sea"}]

    (found,) = differences({"signatories": rows}, {"signatories": rows[::-1]})

    assert shown(found)[0] == "{+On behalf of: The Ministry of the Sea+}"


def test_what_one_of_the_two_lacks_is_not_compared():
    assert differences({"title": "A"}, {"title": "A", "photos": [1], "teaser": "New"}) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("signed_on", "2026-05-12", ["12 May 2026"]),
        ("language", "ru", ["Russian"]),
        ("kind", "q-and-a", ["Questions and answers"]),
        ("teaser", "One.\nTwo.", ["One.", "Two."]),
        ("teaser", "", []),
        ("signed_on", None, []),
        # Typed, and never validated.
        ("signed_on", "12/05/20", ["12/05/20"]),
        ("signed_on", "2026-13-45", ["2026-13-45"]),
        ("language", "xx", ["xx"]),
    ],
)
def test_values_are_said_as_people_say_them(name, value, words):
    assert words_of(name, value) == words


def test_comparison_loses_no_word():
    old = ["a b c", "same", "d e f g", "x"]
    new = ["a c", "new line of four", "same", "d e x g"]

    lines = compare(old, new)

    def text_of(*acts):
        return "".join(run.text for line in lines for run in line if run.act in acts).replace(" ", "")

    assert text_of(SAME, DELETED) == "".join(old).replace(" ", "")
    assert text_of(SAME, INSERTED) == "".join(new).replace(" ", "")
    assert [Run(SAME, "same")] in lines


def test_summary_counts_the_words():
    (found,) = differences({"title": "One two three"}, {"title": "One four five three"})

    assert summary(found) == "words deleted: 1, words inserted: 2"
