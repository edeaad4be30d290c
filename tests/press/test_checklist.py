"""What is looked at before a release, and what refuses one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from press.acts import Refused, Seen
from press.checklist import CHECKS, findings
from press.models import Edition, Kind
from press.release import correct, release
from press.withdraw import withdraw
from tests.press.factory import change, make_live, make_message

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
TEASER = "The reading room opens on Saturdays."
LONG_ENGLISH = "The embassy will be open on Saturday and will welcome every visitor. " * 8
LONG_RUSSIAN = "Посольство откроется в субботу и примет каждого посетителя без записи. " * 8


@pytest.fixture(autouse=True)
def _at_noon(freeze):
    freeze(NOON)


def found(at=NOON, **fields):
    """(blocks, sentence, anchor) of what is found in a message that is otherwise without fault."""
    message = make_message(**{"title": "New hours", "teaser": TEASER, **fields})
    return [(finding.blocks, finding.sentence, finding.anchor) for finding in findings(message, at)]


def test_nothing_is_found_in_a_good_message():
    assert found() == []
    assert found(language="ru", title="Новые часы работы", teaser="По субботам", body="<p>Читальный зал.</p>") == []
    assert found(kind=Kind.Q_AND_A, body="", questions=[("Why?", "<p>So.</p>")]) == []
    assert found(kind=Kind.STATEMENT, title="Joint statement on libraries", signatories=["One", "Other"]) == []


def test_empty_teaser_says_what_lists_will_show():
    assert found(teaser="") == [(False, "The teaser is empty: lists will say “Its text.”.", "id_teaser")]
    assert found(teaser="", body="<p>New hours</p>") == [
        (False, "The teaser is empty, and lists will show the title only.", "id_teaser")
    ]


def test_teaser_that_repeats_the_title_is_found():
    assert found(teaser=" NEW  hours") == [(False, "The teaser repeats the title.", "id_teaser")]


def test_empty_text_is_found():
    assert found(body="") == [(False, "The text is empty.", "id_body")]
    assert found(kind=Kind.Q_AND_A, body="") == [(False, "There is no question.", "exchanges-group")]


def test_unanswered_question_blocks():
    questions = [("Why?", "<p>So.</p>"), ("When?", ""), ("Where?", "<p> </p>")]

    assert found(kind=Kind.Q_AND_A, questions=questions) == [
        (True, "Question 2 has no answer.", "exchanges-1"),
        (True, "Question 3 has no answer.", "exchanges-2"),
    ]


@pytest.mark.parametrize(
    "title", ["Joint statement on libraries", "JOINT PRESS STATEMENT", "Совместное заявление", "Совместное коммюнике"]
)
def test_joint_statement_of_one_blocks(title):
    for signatories in ([], ["One side"]):
        assert (True, "A joint statement needs two signatories or more.", "signatories-group") in found(
            kind=Kind.STATEMENT, title=title, signatories=signatories
        )
    assert not any(blocks for blocks, *_rest in found(kind=Kind.STATEMENT, title=title, signatories=["One", "Other"]))


def test_statement_of_one_is_no_joint_statement():
    assert found(kind=Kind.STATEMENT, title="Statement on the joint statement", signatories=["One side"]) == []
    assert found(kind=Kind.PRESS_RELEASE, title="Joint statement adopted") == []


@pytest.mark.parametrize(
    "words",
    [
        "xx",
        "xxx",
        "хх",
        "XX.XX.2026",
        "ХХ.05.2026",
        "TBC",
        "TBD",
        "TODO",
        "[TBC]",
        "[date]",
        "[ insert the name ]",
        "[дата]",
        "[ФИО]",
        "[уточнить у консула]",
        "____",
        "???",
        "Lorem ipsum",
    ],
)
def test_placeholder_blocks(words):
    assert (True, f"“{words}” is still to be filled in.", "id_body") in found(body=f"<p>On {words} at noon.</p>")


@pytest.mark.parametrize(
    "words",
    ["XX век", "Maxx", "boxx", "TBC Bank", "the Extbc", "[sic]", "Why??", "XXL", "30 xerographs", "wonder__ful"],
)
def test_what_only_looks_like_a_placeholder_does_not_block(words):
    assert not any(blocks for blocks, *_rest in found(body=f"<p>On {words} at noon.</p>"))


def test_words_left_out_of_a_quotation_are_a_warning():
    assert found(body="<p>“We […] agree [...].”</p>") == [
        (False, "“[…]”: is something still to be filled in?", "id_body"),
        (False, "“[...]”: is something still to be filled in?", "id_body"),
    ]


def test_placeholders_are_looked_for_in_every_text():
    questions = [("What is xx?", "<p>It is [дата].</p>")]

    assert found(kind=Kind.Q_AND_A, title="On xx", teaser="TBC", questions=questions) == [
        (True, "“xx” is still to be filled in.", "id_title"),
        (True, "“TBC” is still to be filled in.", "id_teaser"),
        (True, "“xx” is still to be filled in.", "exchanges-0"),
        (True, "“[дата]” is still to be filled in.", "exchanges-0"),
    ]
    assert found(kind=Kind.STATEMENT, signatories=["One side", "TBC"]) == [
        (True, "“TBC” is still to be filled in.", "signatories-1")
    ]


def test_heading_that_is_only_bold_is_found():
    body = "<p><strong>Who may come</strong></p><p><strong>All</strong> may.</p><p><strong>Come early.</strong></p>"

    assert found(body=body) == [(False, "“Who may come” is only bold: make it a heading.", "id_body")]


def test_link_that_leads_nowhere_blocks():
    body = '<p>See <a href="https://press.example.org/nothing/">there</a> and <a href="mailto:press">here</a>.</p>'

    assert found(body=body) == [
        (True, "The link “https://press.example.org/nothing/” leads to no page of this site.", "id_body"),
        (True, "The link “mailto:press” is no address.", "id_body"),
    ]


def test_link_to_what_is_live_by_then_is_none_of_a_fault():
    make_live(slug="later", at=NOON + timedelta(hours=2))
    body = '<p><a href="https://press.example.org/messages/2026/05/12/later/">there</a></p>'

    assert [blocks for blocks, *_rest in found(body=body)] == [True]
    assert found(at=NOON + timedelta(hours=2), body=body) == []


def test_link_to_a_withdrawn_message_is_a_warning(freeze):
    gone = make_live(slug="gone")
    at = freeze(NOON + timedelta(minutes=1))
    withdraw(gone, Seen.of(gone), gone.author, "Why")

    shown = found(at=at, body='<p><a href="https://press.example.org/messages/2026/05/12/gone/">there</a></p>')

    assert [(blocks, sentence.partition("” ")[2]) for blocks, sentence, _anchor in shown] == [
        (False, "leads to a message that is no longer on the site.")
    ]


def test_title_of_the_last_thirty_days_is_found(freeze):
    freeze(NOON - timedelta(days=30))
    make_live(title="Long ago")
    freeze(NOON - timedelta(days=29))
    make_live(title="New  hours")
    make_live(title="Новые часы", language="ru")
    freeze(NOON)

    assert found() == [(False, "Another message of 13 April 2026 has the same title.", "id_title")]
    assert found(title="NEW HOURS") == found()
    assert found(title="Long ago") == []
    assert found(title="Новые часы") == []


def test_own_title_may_stay(freeze):
    message = make_live(title="New hours", teaser=TEASER)
    at = freeze(NOON + timedelta(minutes=1))

    assert findings(change(message, body="<p>More.</p>"), at) == []


@pytest.mark.parametrize(("code", "words"), [("en", LONG_RUSSIAN), ("ru", LONG_ENGLISH)])
def test_text_in_the_other_alphabet_blocks(code, words):
    with translation.override("en"):
        shown = found(language=code, title=words[:60].strip(), teaser=words[:100], body=f"<p>{words}</p>")

    name = {"en": "English", "ru": "Russian"}[code]
    assert shown == [(True, f"The message is marked as {name}, but is not written in its letters.", "id_language")]


def test_short_or_mixed_text_in_the_other_alphabet_is_a_warning():
    sentence = "The message is marked as English, but is not written in its letters."
    title = "Дни русского языка"

    assert found(title="День", teaser="Ура", body="<p>Да.</p>") == []
    assert found(title=title, teaser="Ура", body="<p>Да, это они.</p>") == [(False, sentence, "id_language")]
    mixed = f"<p>{LONG_RUSSIAN}</p><p>{LONG_ENGLISH[:300]}</p>"
    assert found(body=mixed) == [(False, sentence, "id_language")]


def test_quotation_marked_as_of_its_language_is_no_fault():
    body = f'<p>Here: <span lang="ru" dir="ltr">{LONG_RUSSIAN}</span> indeed.</p>'

    assert found(body=body) == []


def test_part_marked_as_of_the_wrong_language_is_found():
    body = '<p>Here: <span lang="ru" dir="ltr">The reading room</span>.</p>'

    assert found(body=body) == [
        (False, "“The reading room” is marked as Russian, but is not written in its letters.", "id_body")
    ]


def test_blocking_findings_come_first():
    shown = found(teaser="", body="<p>On xx.</p>")

    assert [blocks for blocks, *_rest in shown] == [True, False]


def test_release_refuses_what_blocks_and_nothing_else():
    message = make_message(title="New hours", teaser="", body="<p>On xx, TBC.</p>")

    with pytest.raises(Refused, match=r"^“xx” is still to be filled in\. “TBC” is still to be filled in\.$"):
        release(message, Seen.of(message), message.author)
    assert not Edition.objects.exists()

    message = change(message, body="<p>On Monday.</p>")
    assert release(message, Seen.of(message), message.author).title == "New hours"


def test_correction_refuses_what_blocks(freeze):
    message = make_live()
    freeze(NOON + timedelta(minutes=1))
    change(message, body="<p>On xx.</p>")

    with pytest.raises(Refused, match="“xx” is still to be filled in"):
        correct(message, Seen.of(message), message.author)
    assert Edition.objects.get().act == "release"


def test_scheduled_release_is_checked_for_its_moment():
    make_live(slug="later", at=NOON + timedelta(hours=2))
    body = '<p><a href="https://press.example.org/messages/2026/05/12/later/">there</a></p>'
    message = make_message(body=body)

    with pytest.raises(Refused, match="will not see by then"):
        release(message, Seen.of(message), message.author, NOON + timedelta(hours=1))
    release(message, Seen.of(message), message.author, NOON + timedelta(hours=2))


def test_checks_ask_the_database_no_more_for_a_long_text(django_assert_num_queries):
    short, long = make_message(), make_message(body="<p>Its text.</p>" * 300, title="Long")

    for message in (short, long):
        with django_assert_num_queries(6):
            findings(message, NOON)


def test_every_check_is_in_the_list():
    assert [check.__name__ for check in CHECKS] == [
        "teaser",
        "text",
        "signatories",
        "placeholders",
        "bold_headings",
        "links",
        "pictures",
        "title_used",
        "language",
    ]
