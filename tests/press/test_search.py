from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from press import search
from press.acts import Seen
from press.models import Edition, Kind
from press.search import Asked, find, readable_query, score
from press.withdraw import withdraw
from tests.press.factory import change, make_correction, make_live, make_message, make_officer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(freeze):
    """It is noon in London."""
    freeze(NOON)


@pytest.fixture
def officer():
    """One officer for many messages."""
    return make_officer()


def found(text, language="en", at=NOON):
    """The titles of what is found, best first."""
    readable = Edition.objects.live(at).filter(language=language)
    result = find(readable, text, language, at)
    titles = dict(Edition.objects.values_list("pk", "title"))
    return [titles[key] for key in result.keys]


def plain(html):
    with connection.cursor() as cursor:
        cursor.execute("SELECT press_plain(%s)", [html])
        return " ".join(cursor.fetchone()[0].split())


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<p>One<br>two</p>", "One two"),
        ("<p>H<sub>2</sub>O and <strong>bo</strong>ld</p>", "H2O and bold"),
        ('<p id="p1"><a href="https://example.org/?a>b">li</a>nk</p>', "link"),
        ("<ul><li>One</li><li>two</li></ul><table><tr><td>three</td><td>four</td></tr></table>", "One two three four"),
        ("<p>AT&amp;T &lt;b&gt; 1&nbsp;000 &amp;lt;</p>", "AT&T <b> 1 000 &lt;"),
        ('<p><span lang="fr" dir="ltr">caf</span>é</p>', "café"),
        ("", ""),
    ],
)
def test_tags_go_without_gluing_or_dividing_words(html, words):
    assert plain(html) == words


def test_every_part_of_a_message_is_searched(officer):
    make_live(
        kind=Kind.STATEMENT, title="Tulips", teaser="Roses", body="<p>Lilies</p>", signatories=["Poppies"],
        signed_in="Asters", by=officer,
    )  # fmt: skip
    make_live(kind=Kind.Q_AND_A, title="Q", questions=[("<p>Daisies?</p>", "<p>Violets.</p>")], by=officer)

    words = ["tulip", "rose", "lily", "poppy", "aster", "daisy", "violet", "orchid"]

    assert [found(word) for word in words] == [["Tulips"]] * 5 + [["Q"]] * 2 + [[]]


def test_words_are_found_in_any_form_of_their_language(officer):
    make_live(title="Opening the gardens", by=officer)
    make_live(title="Закрытие садов", language="ru", by=officer)

    assert found("opened garden") == ["Opening the gardens"]
    assert found("закрытия сада", "ru") == ["Закрытие садов"]
    assert found("закрытия сада", "en") == []


@pytest.mark.parametrize("text", ["facade", "façade", "FAÇADE", "fac\u0327ade"])
def test_accents_do_not_matter(officer, text):
    make_live(title="The façade", by=officer)

    assert found(text) == ["The façade"]


@pytest.mark.parametrize("text", ["ёлка", "елка", "ЁЛКИ"])
def test_russian_yo_is_found_as_it_is_typed(officer, text):
    make_live(title="Наша ёлка", language="ru", by=officer)

    assert found(text, "ru") == ["Наша ёлка"]


def test_folding_leaves_out_accents_and_keeps_letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT press_fold(%s)", ["Чай, ёж, и\u0306, до\u0301ма, façade, Ł, soft\u00adhyphen"])

        assert cursor.fetchone() == ("Чай, еж, й, дома, facade, Ł, softhyphen",)


def test_syntax_of_the_web_is_understood(officer):
    make_live(title="A winter garden", by=officer)
    make_live(title="A garden in winter", by=officer)
    make_live(title="A storm", by=officer)

    assert found('"winter garden"') == ["A winter garden"]
    assert found("winter -storm -in") == found("winter")
    assert found("storm or winter") == ["A storm", *found("winter")]
    assert set(found("garden -winter or storm")) == {"A storm"}


@pytest.mark.parametrize(
    ("text", "query", "indexed"),
    [
        ("winter gardens", "'winter' & 'garden'", "'winter' & 'garden'"),
        ("winter -garden", "'winter' & !'garden'", "'winter'"),
        ('"winter garden"', "'winter' <-> 'garden'", "'winter' & 'garden'"),
        ('"garden in the winter"', "'garden' <3> 'winter'", "'garden' & 'winter'"),
        ("winter or garden", "'winter' | 'garden'", "'winter' | 'garden'"),
        ("-winter", "", ""),
        ("the", "", ""),
    ],
)
def test_index_is_asked_for_what_it_knows(text, query, indexed):
    asked = Asked.of(text, "en")

    assert (asked.query, asked.indexed) == (query, indexed)
    assert asked.is_plain == (query == indexed)


def test_phrase_and_exclusion_are_looked_for_in_the_newest_candidates(officer, freeze, monkeypatch):
    monkeypatch.setattr(search, "LOOKED_INTO", 2)
    for number, title in enumerate(["A winter garden", "A garden in winter", "Garden and winter"]):
        freeze(NOON + number * MINUTE)
        make_live(title=title, by=officer)
    at = NOON + 2 * MINUTE

    result = find(Edition.objects.live(at), '"winter garden"', "en", at)

    # The one phrase is in the oldest, which is not looked into; the page says that there is more.
    assert (result.keys, result.is_cut) == ([], True)
    assert found("winter -storm", at=at) != []


def test_part_of_all_messages_comes_from_the_statistics(officer):
    for _number in range(3):
        make_live(title="Zebra", by=officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE press_edition")

    assert Asked.of("zebras", "en").part == pytest.approx(1)
    assert Asked.of("gnu", "en").part < 0.01
    assert Asked.of("zebra or text", "en").part == 0


def test_where_no_message_has_all_words_those_with_some_are_found(officer):
    make_live(title="A lost passport", by=officer)
    readable = Edition.objects.live(NOON)

    some = find(readable, "passport urgently", "en", NOON)
    every = find(readable, "lost passport", "en", NOON)
    excluded = find(readable, "passport urgently -lost", "en", NOON)

    assert (len(some.keys), some.has_some_words) == (1, True)
    assert (len(every.keys), every.has_some_words) == (1, False)
    assert (excluded.keys, excluded.has_some_words) == ([], False)


def test_title_counts_more_than_text(officer, freeze):
    make_live(title="Chess", body="<p>About other games.</p>", by=officer)
    freeze(NOON + MINUTE)
    make_live(title="Games", body="<p>Draughts, cards and chess.</p>", by=officer)

    assert found("chess", at=NOON + MINUTE) == ["Chess", "Games"]


def test_newer_of_two_alike_comes_first(officer, freeze):
    make_live(title="Closed on Monday", body="<p>Closed.</p>", by=officer)
    freeze(NOON + timedelta(days=300))
    make_live(title="Closed on Friday", body="<p>Closed.</p>", by=officer)

    assert found("closed", at=NOON + timedelta(days=300)) == ["Closed on Friday", "Closed on Monday"]


def test_score_halves_its_bonus_every_year():
    year = timedelta(days=365)

    assert [score(1, age * year) for age in (0, 1, 2)] == [2, 1.5, 1.25]


def test_only_what_is_live_is_found(officer, freeze):
    make_message(title="Zebra draft", by=officer)
    make_live(title="Zebra scheduled", at=NOON + 2 * MINUTE, by=officer)
    ended = make_live(title="Zebra withdrawn", by=officer)
    corrected = make_live(title="Zebra superseded", by=officer)
    change(make_live(title="Zebra live", by=officer), title="Zebra newer")
    freeze(NOON + MINUTE)
    withdraw(ended, Seen.of(ended), officer, "Zebra reason")
    make_correction(corrected, title="Corrected zebra")

    assert set(found("zebra", at=NOON + MINUTE)) == {"Zebra live", "Corrected zebra"}
    assert set(found("zebra", at=NOON + 2 * MINUTE)) == {"Zebra live", "Corrected zebra", "Zebra scheduled"}


def test_only_the_newest_matches_are_ranked(officer, freeze, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    for number in range(4):
        freeze(NOON + number * MINUTE)
        make_live(title=f"Zebra {number}", by=officer)
    at = NOON + 3 * MINUTE
    readable = Edition.objects.live(at)

    many = find(readable, "zebra", "en", at)
    few = find(readable.filter(title__gt="Zebra 0"), "zebra", "en", at)

    assert (len(many.keys), many.is_cut) == (3, True)
    assert set(found("zebra", at=at)) == {"Zebra 1", "Zebra 2", "Zebra 3"}
    assert (len(few.keys), few.is_cut) == (3, False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  two \n words ", "two words"),
        ("nul\0s", "nuls"),
        ("half \ud800 a pair", "half a pair"),
        ("\x01\x02", ""),
        ("x" * 500, "x" * 100),
    ],
)
def test_what_no_database_takes_is_left_out(typed, read):
    assert readable_query(typed) == read


@pytest.mark.parametrize(
    "text", ["'", '"', "a & | ! b", ":*", "a:b", "\\", "%s", "<->", "or", "-", "()", "$$", "'a' & 'b"]
)
def test_no_query_is_an_error(officer, text):
    make_live(title="A zebra", by=officer)

    assert found(text) == []


def test_text_as_long_as_a_book_is_released_and_its_beginning_found(officer):
    letters = [chr(0x430 + number) for number in range(32)]
    body = " ".join(a + b + c + d for a in letters for b in letters for c in letters for d in letters[:8])
    make_live(title="Книга", language="ru", body=f"<p>{body}</p>", by=officer)

    assert found("аббв", "ru") == ["Книга"]
    assert found("ягде", "ru") == []
