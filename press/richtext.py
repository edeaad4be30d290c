"""Rich text: one allow-list, and the functions that every text goes through on its way in.

A text is cleaned when it is stored and when it is put into the editor, never when it is read.
`clean` is idempotent, so two saves of one text make no false difference. What it removes, and why:

- everything that is not in the allow-list below: scripts, styles, classes, pictures, colours,
  fonts. A message must read the same in a feed, on paper and in ten years;
- addresses of links that are not web, mail or telephone addresses (`javascript:`, `data:`, and
  relative ones, which mean nothing in a feed). A link without an address becomes plain text;
- empty paragraphs, spaces at the edges, runs of spaces (Word's and the editor's `&nbsp;`). A
  single no-break space stays: typography puts it there on purpose;
- two line breaks in a row: they are a new paragraph;
- structure that no reader hears rightly: headings above the page's own (h1 becomes h2), quotes
  within quotes, headings within list items, tables within lists, quotes or tables (their cells
  become paragraphs), merged cells;
- the language of a part where no direction is given with it: so Word marks every word it has
  checked, and often wrongly. The editor's own button gives both.

The words themselves are never lost, but for those of scripts, forms' lists and the like, which no
reader of the source saw either.
"""

import nh3
from lxml import etree

from press import richtext_form as form

HEADINGS = form.HEADINGS
TAGS = frozenset({"p", "br", *HEADINGS, *form.LISTS, "li", "blockquote", *form.TABLE, *form.MARKS})
INLINE_TAGS = frozenset({"br", *form.MARKS})
ATTRIBUTES = {
    "a": frozenset({"href"}),
    "span": frozenset({"lang", "dir"}),
    "ol": frozenset({"start", "type"}),
    "th": frozenset({"scope"}),
}
# Attributes that may hold one of a few values only.
VALUES = {"span": {"dir": {"ltr", "rtl"}}, "th": {"scope": set(form.SCOPES)}, "ol": {"type": set(form.LETTERED)}}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# Elements whose text is not the author's: code, other documents, what shows only where a feature is missing.
UNSEEN = frozenset(
    """
    applet audio button canvas datalist embed frameset head iframe math noembed noframes noscript object script select
    style svg template textarea title video xmp
    """.split()  # noqa: SIM905 (words in lines read better than a column of strings)
)


class Cleaned(str):
    """What `clean` or `clean_inline` has made, so that the next stage of the same act need not do it again.

    Any change of it, and any way through the database, makes a plain string, which is cleaned anew.
    """

    def __new__(cls, text, top_heading):
        """`top_heading` is the level no heading is above; None for one line of text."""
        cleaned = super().__new__(cls, text)
        cleaned.top_heading = top_heading
        return cleaned

    def __getnewargs__(self):
        """What copying and pickling need."""
        return str(self), self.top_heading


def clean(text, top_heading=2):
    """`text`, any HTML, as paragraphs, headings, lists, quotes and tables of the allow-list, a block a line.

    Headings above the level `top_heading` are lowered to it (3 for the answer to a question, which
    is itself a heading of level 2).
    """
    if isinstance(text, Cleaned) and text.top_heading is not None and text.top_heading >= top_heading:
        return text
    blocks = form.read_blocks(READABLE.clean(form.printable(text)), top_heading)
    # The sanitiser's own words are always the last.
    return Cleaned(BLOCK_TEXT.clean(form.write_blocks(blocks)), top_heading)


def clean_answer(text):
    """`text`, any HTML, as the answer to a question, which is a heading of level 2 itself."""
    return clean(text, top_heading=3)


def clean_inline(text):
    """`text`, any HTML, as one line of text with emphasis and links; where blocks met, a line break."""
    if isinstance(text, Cleaned) and text.top_heading is None:
        return text
    runs = form.read_runs(READABLE.clean(form.printable(text)))
    return Cleaned(INLINE_TEXT.clean(form.write_runs(runs)), top_heading=None)


def without_marks(text):
    """Clean `text` of one line without its marks: HTML still, and as safe."""
    return NO_MARKS.clean(text.replace("<br>", " "))


def to_text(text):
    """The words of clean `text` without tags; a line for each block, each line break and each row of a table."""
    return to_texts([text])[0]


def to_texts(texts):
    """As `to_text`, of several, in one parsing."""
    if not texts:
        return []
    roots = etree.HTML(f"<div>{'</div><div>'.join(texts)}</div>")[0]
    for element in roots.iter(*(TAGS - set(form.MARKS))):
        if element.tag in form.CELLS:
            element.tail = " " + (element.tail or "").strip("\n")
            continue
        if element.tag != "br":
            element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return ["\n".join(filter(None, map(str.strip, "".join(root.itertext()).split("\n")))) for root in roots]


def _cleaner(tags):
    chosen = {tag: set(names) - VALUES.get(tag, {}).keys() for tag, names in ATTRIBUTES.items() if tag in tags}
    return nh3.Cleaner(
        tags=set(tags),
        # The star's empty set takes the place of nh3's own general attributes, lang and title.
        attributes={"*": set(), **chosen},
        tag_attribute_values={tag: values for tag, values in VALUES.items() if tag in tags},
        clean_content_tags=set(UNSEEN),
        url_schemes=set(SCHEMES),
        url_relative="deny",
        # No link opens a window of its own, so there is no opener to protect.
        link_rel=None,
    )


# For what is read: every element with a meaning here. For what is kept: the allow-list.
READABLE = _cleaner(TAGS | form.BOUNDARIES | form.SAME.keys())
BLOCK_TEXT = _cleaner(TAGS)
INLINE_TEXT = _cleaner(INLINE_TAGS)
NO_MARKS = nh3.Cleaner(tags=set())
