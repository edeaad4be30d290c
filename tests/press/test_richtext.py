"""One allow-list for every rich text, and what cleaning does to what people paste."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from press import richtext, richtext_form

PARAGRAPHS = [
    ("", ""),
    (" \n ", ""),
    ("hello", "<p>hello</p>"),
    ("one\r\ntwo", "<p>one two</p>"),
    ("<p>one</p>\r\n\r\n<p>two</p>\r\n", "<p>one</p>\n<p>two</p>"),
    ("<div>one<div>two</div>three</div>", "<p>one</p>\n<p>two</p>\n<p>three</p>"),
    ("one<br><br>two<br>three", "<p>one</p>\n<p>two<br>three</p>"),
    ("<p><br>one<br></p>", "<p>one</p>"),
    ("<p></p><p>&nbsp;</p><p> <br> </p><p><strong> </strong></p>", ""),
    ("<p>fish &amp; chips &lt; 5</p>", "<p>fish &amp; chips &lt; 5</p>"),
    ("a\x00b&#1;c\u200bd\ufeff", "<p>abcd</p>"),
    ("broken \ud800 half", "<p>broken half</p>"),
]
SPACES = [
    ("<p> a   b </p>", "<p>a b</p>"),
    ("<p>15&nbsp;October</p>", "<p>15&nbsp;October</p>"),
    ("<p>a&nbsp; b &nbsp;c&nbsp;&nbsp;d</p>", "<p>a b c d</p>"),
    ("<p>&nbsp;&nbsp;indented&nbsp;</p>", "<p>indented</p>"),
    ("<p>10\u202f000</p>", "<p>10\u202f000</p>"),
    ("<p>a <strong> b</strong> c</p>", "<p>a <strong>b</strong> c</p>"),
]
MARKS = [
    ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
    ("<strong>a </strong><b>b</b>", "<p><strong>a b</strong></p>"),
    ("<em><strong>a</strong></em>", "<p><strong><em>a</em></strong></p>"),
    ("<b>a<p>b</p></b>", "<p><strong>a</strong></p>\n<p><strong>b</strong></p>"),
    ('<u>a</u><span style="color:red" class="x">b</span><font size=7>c</font>', "<p>abc</p>"),
    (
        "<sub><b>a</b> <i>b</i></sub>",
        "<p><strong><sub>a</sub></strong> <em><sub>b</sub></em></p>",
    ),
    ("x<sup>2</sup>, CO<sub>2</sub>", "<p>x<sup>2</sup>, CO<sub>2</sub></p>"),
    ('<span dir="ltr" lang="ru">мир</span>', '<p><span lang="ru" dir="ltr">мир</span></p>'),
    ('<span lang="EN-GB" style="x">Word</span>', "<p>Word</p>"),
    ('<span lang="ru" dir="x">a</span><span lang="&quot;" dir="ltr">b</span>', "<p>ab</p>"),
    ('<p class="x" id="y" title="z" lang="ru" dir="rtl" data-x="1" style="color:red">a</p>', "<p>a</p>"),
]
LINKS = [
    ('<a href="https://example.org/?a=1&amp;b=2">x</a>', '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>'),
    ('<a href="http://example.org" target="_blank" rel="x">x</a>', '<p><a href="http://example.org">x</a></p>'),
    ('<a href="mailto:press@example.org">x</a>', '<p><a href="mailto:press@example.org">x</a></p>'),
    ('<a href=" tel:+442079460100 ">x</a>', '<p><a href="tel:+442079460100">x</a></p>'),
    ('<b><a href="https://example.org">x</a></b>', '<p><a href="https://example.org"><strong>x</strong></a></p>'),
    ('<a href="https://example.org"> </a>', ""),
    ("<a name='top'>x</a>", "<p>x</p>"),
    ("<a href='/consular/'>x</a> <a href='//example.org'>y</a> <a href='#z'>z</a>", "<p>x y z</p>"),
    ("<a href='javascript:alert(1)'>x</a>", "<p>x</p>"),
    ("<a href='java&#10;script:alert(1)'>x</a>", "<p>x</p>"),
    ("<a href='&#1;javascript:alert(1)'>x</a>", "<p>x</p>"),
    ("<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<p>x</p>"),
    ("<a href='vbscript:x'>x</a><a href='file:///etc/passwd'>y</a>", "<p>xy</p>"),
]
STRUCTURE = [
    ("<h1>a</h1><h2>b</h2><h3>c</h3>", "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>"),
    ("<h4>d</h4><h5>e</h5><h6>f</h6>", "<h4>d</h4>\n<h4>e</h4>\n<h4>f</h4>"),
    ("<h2></h2><h3>&nbsp;</h3>a", "<p>a</p>"),
    ("<ul><li>a</li><li></li><li>b</li></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("<ol start=4 type=a><li value=9>a</li></ol>", '<ol start="4" type="a">\n<li>a</li>\n</ol>'),
    ("<ul></ul><ol><li> </li></ol><blockquote></blockquote>", ""),
    ("<li>a</li>", "<p>a</p>"),
    ("<ul>a</ul>", "<ul>\n<li>a</li>\n</ul>"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n</ul>"),
    ("<ul><li><p>a</p></li></ul>", "<ul>\n<li>a</li>\n</ul>"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul>\n<li><p>a</p>\n<p>b</p></li>\n</ul>"),
    ("<ul><li><h2>a</h2><blockquote>b</blockquote></li></ul>", "<ul>\n<li><p>a</p>\n<p>b</p></li>\n</ul>"),
    ("<blockquote>a</blockquote>", "<blockquote>\n<p>a</p>\n</blockquote>"),
    (
        "<blockquote>a<blockquote>b</blockquote><ul><li>c</ul></blockquote>",
        "<blockquote>\n<p>a</p>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n</blockquote>",
    ),
    ("<dl><dt>a<dd>b</dl><figure><img src=x><figcaption>c</figcaption></figure>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
    ("one<hr>two", "<p>one</p>\n<p>two</p>"),
]
HOSTILE = [
    ("<script>alert(1)</script>a", "<p>a</p>"),
    ("<scr<script>ipt>alert(1)</script>a", "<p>ipt&gt;alert(1)a</p>"),
    ("<p onclick='alert(1)'>a</p>", "<p>a</p>"),
    ("<img src=x onerror=alert(1)>a", "<p>a</p>"),
    ("<svg><script>alert(1)</script><text>x</text></svg>a", "<p>a</p>"),
    ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>a", "<p>a</p>"),
    ("<style>p{color:red}</style><title>t</title><textarea>x</textarea><select><option>y</select>a", "<p>a</p>"),
    ("<iframe src='javascript:alert(1)'></iframe><object data=x></object><embed src=x>a", "<p>a</p>"),
    ("<!-- <script>alert(1)</script> -->a<!--[if mso]>b<![endif]-->", "<p>a</p>"),
    ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ('<a href="https://e.org/&quot; onmouseover=&quot;x">a</a>', None),
    ("<![CDATA[<script>alert(1)</script>]]>a", None),
    ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", None),
    ("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", None),
    ("<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", None),
    ("<p><a href='https://e.org'><p><a href='https://f.org'>x", None),
    ("<b><table><a href=x><tr><td><a href=y>", None),
]
ANYTHING = [*PARAGRAPHS, *SPACES, *MARKS, *LINKS, *STRUCTURE, *HOSTILE]

KNOWN = sorted(richtext.TAGS | richtext_form.BOUNDARIES | set(richtext_form.SAME))
FRAGMENTS = st.sampled_from(
    [source for source, _cleaned in ANYTHING]
    + [
        f"<{tag}>"
        for tag in sorted(richtext.TAGS | richtext_form.BOUNDARIES | set(richtext_form.SAME) | richtext.UNSEEN)
    ]
    + [f"</{tag}>" for tag in sorted(richtext.TAGS | richtext_form.BOUNDARIES | set(richtext_form.SAME))]
    + [
        "<a href='https://e.org'>",
        "<a href='javascript:x'>",
        "<span lang=ru dir=ltr>",
        "&nbsp;",
        " ",
        "\n",
        "&lt;",
        "<!--",
    ]
)
SOUPS = st.lists(FRAGMENTS | st.text(max_size=6), max_size=14).map("".join)


class Allowed(HTMLParser):
    """Fails at any element or attribute that is not in the allow-list, and at any element left open."""

    def __init__(self, tags):
        super().__init__()
        self.tags, self.open = tags, []

    def handle_starttag(self, tag, attrs):
        assert tag in self.tags
        for name, value in attrs:
            assert name in richtext.ATTRIBUTES.get(tag, ())
            assert tag != "a" or value.split(":")[0].lower() in richtext.SCHEMES
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        pytest.fail(f"a comment: {data}")

    handle_decl = unknown_decl = handle_pi = handle_comment


def assert_allowed(text, tags=richtext.TAGS):
    reader = Allowed(tags)
    reader.feed(text)
    reader.close()
    assert reader.open == []


@pytest.mark.parametrize(("source", "cleaned"), [pair for pair in ANYTHING if pair[1] is not None])
def test_clean_gives_exactly(source, cleaned):
    assert richtext.clean(source) == cleaned


@pytest.mark.parametrize("source", [source for source, _cleaned in HOSTILE])
def test_clean_leaves_nothing_outside_the_allow_list(source):
    for cleaned, tags in [
        (richtext.clean(source), richtext.TAGS),
        (richtext.clean_inline(source), richtext.INLINE_TAGS),
    ]:
        assert_allowed(cleaned, tags)


@settings(deadline=None, max_examples=300)
@given(SOUPS)
@example("<ul><ul>")
@example("<li><blockquote>a<h2>b<br>c")
def test_clean_is_idempotent_and_within_the_allow_list(soup):
    cleaned = richtext.clean(soup)

    assert richtext.clean(cleaned) == cleaned
    assert_allowed(cleaned)
    assert "&nbsp;&nbsp;" not in cleaned
    assert not re.search(r"<(?!td|th)(\w+)[^>]*>\s*</\1>", cleaned)


@settings(deadline=None, max_examples=300)
@given(SOUPS)
def test_clean_inline_is_idempotent_and_within_the_allow_list(soup):
    cleaned = richtext.clean_inline(soup)

    assert richtext.clean_inline(cleaned) == cleaned
    assert_allowed(cleaned, richtext.INLINE_TAGS)


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abc дож<>&\"'", min_size=1).filter(str.strip), max_size=5))
def test_clean_loses_no_word(paragraphs):
    source = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)

    assert richtext.to_text(richtext.clean(source)).split() == " ".join(paragraphs).split()


@pytest.mark.parametrize("level", [2, 3])
def test_clean_lowers_headings_to_the_level_that_is_asked_for(level):
    top = f"h{level}"

    cleaned = richtext.clean("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>", top_heading=level)

    assert cleaned == f"<{top}>a</{top}>\n<{top}>b</{top}>\n<h3>c</h3>\n<h4>d</h4>"
    assert richtext.clean(cleaned, top_heading=level) == cleaned


def test_clean_keeps_a_table_with_its_headers_and_empty_cells():
    table = (
        '<table border=1 class="x"><caption>Fees</caption><colgroup><col></colgroup>'
        '<thead><tr><th scope="col" width=9>Visa</th><th scope="x">Fee</th></tr></thead>'
        '<tr><th scope=row>Entry</th><td colspan="2"><p>10</p><ul><li>pounds</ul></td></tr>'
        "<tr><td>&nbsp;</td><td></td></tr><tfoot><tr><td>Transit</td><td>&nbsp;</td></tr></tfoot></table>"
    )

    cleaned = richtext.clean(table)

    assert cleaned.replace("\n", "") == (
        '<table><caption>Fees</caption><thead><tr><th scope="col">Visa</th><th>Fee</th></tr></thead>'
        '<tbody><tr><th scope="row">Entry</th><td>10<br>pounds</td></tr></tbody>'
        "<tbody><tr><td>Transit</td><td></td></tr></tbody></table>"
    )
    assert richtext.to_text(cleaned) == "Fees\nVisa Fee\nEntry 10\npounds\nTransit"


@pytest.mark.parametrize("outside", ["<blockquote>{}</blockquote>", "<ul><li>{}</ul>", "<table><tr><td>{}</table>"])
def test_clean_does_not_melt_the_cells_of_a_table_that_cannot_stay(outside):
    table = "<table><caption>Visas</caption><tr><th>Fee</th><td>10</td></tr><tr><td>20</td></tr></table>"

    cleaned = richtext.clean(outside.format(table))

    assert cleaned.count("<table>") == outside.count("<table>")
    assert richtext.to_text(cleaned) == "Visas\nFee\n10\n20"


def test_clean_keeps_lists_to_a_depth_and_every_item_below_it():
    cleaned = richtext.clean("".join(f"<ul><li>{number}" for number in range(9)))

    assert cleaned.count("<ul>") == richtext_form.DEEPEST_LIST
    assert richtext.to_text(cleaned).split() == [str(number) for number in range(9)]
    assert richtext.clean(cleaned) == cleaned


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "blockquote"])
def test_clean_survives_depth(tag):
    assert richtext.to_text(richtext.clean(f"<{tag}>" * 3000 + "x")) == "x"


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("<p>Why <b>now</b>?</p>", "Why <strong>now</strong>?"),
        ("<p>one</p><p>two</p>", "one<br>two"),
        ("<h2>one</h2><ul><li>two<li>three</ul>", "one<br>two<br>three"),
        ("one<br><br>two<br>", "one<br>two"),
        ('<a href="https://example.org" class=x>x</a>', '<a href="https://example.org">x</a>'),
        ("<script>alert(1)</script><img src=x onerror=alert(1)>a", "a"),
        ("<p>&nbsp;</p>", ""),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_clean_inline_gives_exactly(source, cleaned):
    assert richtext.clean_inline(source) == cleaned


@pytest.mark.parametrize(
    ("cleaned", "text"),
    [
        ("", ""),
        ("<p>a <strong>b</strong>c</p>\n<p>d</p>", "a bc\nd"),
        ("<p>a<br>b</p>", "a\nb"),
        ("a<br><em>b</em> c", "a\nb c"),
        (
            "<h2>a</h2>\n<ul>\n<li>b\n<ol>\n<li>c</li>\n</ol></li>\n</ul>\n<blockquote>\n<p>d</p>\n</blockquote>",
            "a\nb\nc\nd",
        ),
        ("<p>1 &lt; 2 &amp; 15&nbsp;October</p>", "1 < 2 & 15\xa0October"),
    ],
)
def test_to_text_gives_words_and_lines(cleaned, text):
    assert richtext.to_text(cleaned) == text


def test_a_line_without_its_marks_is_html_still():
    cleaned = richtext.clean_inline(
        'Is H<sub>2</sub>O &amp; <em>a</em> < b<br><a href="https://example.org/?a=1&b=2">here</a>?'
    )

    assert richtext.without_marks(cleaned) == "Is H2O &amp; a &lt; b here?"
