"""What Word, LibreOffice and Chrome put on the clipboard, and what of it is kept.

The files in pastes/ were written for these tests, with the markup that the programs write.
"""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from press import richtext
from press.editor import RichTextFormField
from press.pasted import meant

PASTES = Path(__file__).parent / "pastes"
LISTS = """<ol>
<li>A passport;</li>
<li>One of:
<ol type="a">
<li>a library card,</li>
<li>a letter.</li>
</ol></li>
<li>A pencil.</li>
</ol>
<p>Further:</p>
<ol start="4">
<li>Patience.</li>
</ol>
<ul>
<li>no food;</li>
<li>no drink.</li>
</ul>
<table>
<thead>
<tr>
<th scope="col">Day</th>
<th scope="col">Hours</th>
</tr>
</thead>
<tbody>
<tr>
<td>Saturday</td>
<td>10:00</td>
</tr>
</tbody>
</table>"""
RUSSIAN = '<span lang="ru" dir="ltr">«Читальный зал»</span>'
PROGRAMME = '<a href="https://example.org/reading-room?day=6#hours">the programme</a>'
KEPT = {
    "word": f"""<h2>Reading room: new hours</h2>
<p>The <strong>reading room</strong> opens on Saturdays in June.[1] Its name is {RUSSIAN}, see {PROGRAMME}.</p>
<p>Visitors need no card.</p>
<h2>Bring with you</h2>
{LISTS}
<p>[1] Not on 6 June.</p>""",
    "libreoffice": f"""<h2>Reading room: new hours</h2>
<p>The <strong>reading room</strong> opens on Saturdays in June.<sup>1</sup> Its name is {RUSSIAN}, in French \
<span lang="fr" dir="ltr"><em>salle de lecture</em></span>, see {PROGRAMME}.</p>
<p><span lang="ru" dir="ltr">Вход свободный.</span></p>
<h2>Bring with you</h2>
{LISTS}
<p>1 Not on 6 June.</p>""",
    "chrome": f"""<h2>Reading room: new hours</h2>
<p>The <strong>reading room</strong> opens on Saturdays in June.<sup>[1]</sup> Its name is {RUSSIAN}, \
see {PROGRAMME}.</p>
<p><span lang="ru" dir="ltr">Вход свободный.</span></p>
<h2>Bring with you</h2>
{LISTS}
<p>1 Not on 6 June.</p>""",
}


def pasted(name):
    """What the program `name` puts on the clipboard."""
    return (PASTES / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KEPT)
def test_what_is_meant_survives_and_nothing_else(name):
    kept = richtext.clean(meant(pasted(name)))

    assert kept == KEPT[name]
    assert richtext.clean(kept) == kept


@pytest.mark.parametrize("name", KEPT)
def test_server_cleans_a_paste_for_the_editor(client, db, name):
    client.force_login(User.objects.create_superuser("officer"))

    answer = client.post(f"{reverse('paste')}?top=2", {"html": pasted(name)})

    assert (answer.status_code, answer.content.decode()) == (200, KEPT[name])


def test_paste_into_an_answer_or_a_question_fits_there(client, db):
    client.force_login(User.objects.create_superuser("officer"))
    html = {"html": "<h1>Why</h1><p>So <b>it</b> is.</p>"}

    assert client.post(f"{reverse('paste')}?top=3", html).content == b"<h3>Why</h3>\n<p>So <strong>it</strong> is.</p>"
    assert client.post(f"{reverse('paste')}?top=", html).content == b"Why<br>So <strong>it</strong> is."


def test_only_officers_have_pastes_cleaned(client, db):
    assert client.post(f"{reverse('paste')}?top=2", {"html": "x"}).status_code == 302
    client.force_login(User.objects.create_superuser("officer"))
    assert client.get(reverse("paste")).status_code == 405


def test_field_understands_word_without_the_editor():
    assert RichTextFormField().clean(pasted("word")) == KEPT["word"]


def item(mark, words, level=1, lfo=1):
    """A paragraph that Word shows as an item of a list."""
    return (
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo{lfo}'><![if !supportLists]>"
        f"<span style='mso-list:Ignore'>{mark}<span>&nbsp;&nbsp;</span></span><![endif]>{words}</p>\n"
    )


def listed(*items):
    return richtext.clean(meant("".join(item(*one) for one in items))).replace("\n", "")


@pytest.mark.parametrize(
    ("marks", "start", "count"),
    [
        (("1.", "2."), "<ol>", 1),
        (("(1)", "(2)"), "<ol>", 1),
        (("3)", "4)"), '<ol start="3">', 1),
        (("a)", "b)"), '<ol type="a">', 1),
        (("C.", "D."), '<ol start="3" type="A">', 1),
        (("i.", "ii."), '<ol type="i">', 1),
        (("IV.", "V."), '<ol start="4" type="I">', 1),
        (("z.", "aa."), '<ol start="26" type="a">', 1),
        (("·", "·"), "<ul>", 1),
        (("o", "o"), "<ul>", 1),
        (("§", "–"), "<ul>", 1),
        # It begins anew.
        (("1.", "1."), "<ol>", 2),
        (("1.", "·"), "<ol>", 1),
    ],
)
def test_lists_of_word_keep_their_numbering(marks, start, count):
    html = listed(*((mark, "words") for mark in marks))

    assert html.startswith(f"{start}<li>words</li>")
    assert (html.count(start), html.count("<li>words</li>")) == (count, 2)


def test_lists_of_word_nest_as_deep_as_they_say():
    html = listed(("1.", "one"), ("a.", "two", 2), ("i.", "three", 3), ("b.", "four", 2), ("2.", "five"))

    assert html == (
        '<ol><li>one<ol type="a"><li>two<ol type="i"><li>three</li></ol></li><li>four</li></ol></li><li>five</li></ol>'
    )


def test_list_of_word_that_begins_deep_is_a_list():
    assert listed(("·", "one", 2), ("·", "two", 1)) in {
        "<ul><li>one</li></ul><ul><li>two</li></ul>",
        "<ul><li>one</li><li>two</li></ul>",
    }


def test_numbering_that_html_lacks_stays_as_words():
    html = richtext.clean(meant(item("а)", "паспорт") + item("б)", "письмо")))

    assert html == "<p>а) паспорт</p>\n<p>б) письмо</p>"


def test_paragraph_between_two_lists_of_word_divides_them():
    html = richtext.clean(meant(item("1.", "one") + "<p class=MsoNormal>Then</p>" + item("2.", "two")))

    assert html.replace("\n", "") == '<ol><li>one</li></ol><p>Then</p><ol start="2"><li>two</li></ol>'


def test_first_row_of_a_table_is_headers_only_if_all_of_it_is_bold():
    def table(*cells):
        return f"<table><tr>{''.join(cells)}</tr><tr><td>1</td><td>2</td></tr></table>"

    assert richtext.clean(meant(table("<td><b>a</b></td>", "<td><b>b</b></td>"))).count("<th ") == 2
    assert richtext.clean(meant(table("<td><b>a</b></td>", "<td>b</td>"))).count("<th") == 0
    assert richtext.clean(meant(table("<th>a</th>", "<td>b</td>"))).count("<th>") == 1


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        # Word says of English words that they are Russian.
        ('<p class="MsoNormal">The <span lang=RU>room</span></p>', "<p>The room</p>"),
        ('<p class="MsoNormal">The <span lang=FR>salle</span></p>', "<p>The salle</p>"),
        ('<p>The <span lang="fr">salle</span></p>', '<p>The <span lang="fr" dir="ltr">salle</span></p>'),
        ('<p>The <em lang="he">חדר</em></p>', '<p>The <span lang="he" dir="rtl">חדר</span></p>'),
        ('<p>Читальный зал, <span lang="en-GB">reading room</span></p>', None),
        ('<p lang="en">The <span lang="en">room</span></p>', "<p>The room</p>"),
        ('<p>The <span lang="&quot;onload=x">room</span></p>', "<p>The room</p>"),
    ],
)
def test_language_of_a_part_survives_where_it_can_be_believed(html, kept):
    kept = kept or '<p>Читальный зал, <span lang="en" dir="ltr">reading room</span></p>'

    assert richtext.clean(meant(html)) == kept


@given(st.text(alphabet=st.sampled_from("<>/=\"' abpltrdhmso-:![]") | st.characters(), max_size=200))
def test_whatever_is_pasted_is_cleaned(text):
    kept = richtext.clean(meant(text))

    assert richtext.clean(kept) == kept
