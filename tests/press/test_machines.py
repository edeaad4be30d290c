"""The words of our own in the templates of public pages."""

from types import SimpleNamespace

from press.machines import paragraphs


def test_links_to_paragraphs_are_named_by_their_first_words():
    edition = SimpleNamespace(
        body='<p id="p1">One<br>two <em>three</em> four five six seven eight.</p><p>No id.</p><h2 id="p2">Head</h2>',
        exchanges=[
            {"id": "q1", "question": "Is H<sub>2</sub>O <em>water</em>?", "answer": '<p id="q1-p1">Yes &amp; no.</p>'},
            {"id": "q2", "question": "Да?", "answer": ""},
        ],
    )

    assert paragraphs(edition) == [
        ("p1", "One two three four five six seven …"),
        ("p2", "Head"),
        ("q1", "Is H2O water?"),
        ("q1-p1", "Yes & no."),
        ("q2", "Да?"),
    ]
    assert paragraphs(SimpleNamespace(body="", exchanges=[])) == []
