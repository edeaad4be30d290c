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
  within quotes, headings within list items.

The words themselves are never lost, but for those of scripts, forms' lists and the like, which no
reader of the source saw either.
"""

import html
import re
from html.parser import HTMLParser

import lxml.html
import nh3

HEADINGS = ("h2", "h3", "h4")
# The order in which they nest: a link is outermost, so that one link is one element.
MARKS = ("a", "strong", "em")
LISTS = ("ul", "ol")
TAGS = frozenset({"p", *HEADINGS, *LISTS, "li", "blockquote", "br", *MARKS})
INLINE_TAGS = frozenset({"br", *MARKS})
ATTRIBUTES = {"a": frozenset({"href"})}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# What other programs write for the same thing.
SAME = {"b": "strong", "i": "em", "cite": "em", "dfn": "em", "h1": "h2", "h5": "h4", "h6": "h4"}
# Elements that begin a new line on a page; those outside TAGS count as paragraphs.
BOUNDARIES = frozenset(
    """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tbody td
    tfoot th thead tr ul
    """.split()  # noqa: SIM905 (words in lines read better than a column of strings)
)
# Elements whose text is not the author's: code, other documents, what shows only where a feature is missing.
UNSEEN = frozenset(
    """
    applet audio button canvas datalist embed frameset head iframe math noembed noframes noscript object script select
    style svg template textarea title video xmp
    """.split()  # noqa: SIM905 (as above)
)
DEEPEST_LIST = 5

SPACES = re.compile(r"\s{2,}")
# Controls, what XML forbids (feeds), the byte-order mark, and the filler the editor leaves behind.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
LINE_ENDS = re.compile("[\t\n\x0c\r\u2028\u2029]")


def clean(text, top_heading=2):
    """`text`, any HTML, as paragraphs, headings, lists and quotes of the allow-list, a block a line.

    Headings above the level `top_heading` are lowered to it (3 for the answer to a question, which
    is itself a heading of level 2).
    """
    blocks = _read(_BlockReader(top_heading), text).blocks()
    # The sanitiser's own words are always the last.
    return BLOCK_TEXT.clean("\n".join(map(_written, blocks)))


def clean_inline(text):
    """`text`, any HTML, as one line of text with emphasis and links; where blocks met, a line break."""
    return INLINE_TEXT.clean(_written_runs(_lines(_read(_RunReader(), text).runs)))


def to_text(text):
    """The words of clean `text` without tags; a line for each block and each line break."""
    if not text.strip():
        return ""
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for element in root.iter(*(TAGS - set(MARKS))):
        if element.tag != "br":
            element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return "\n".join(line for line in map(str.strip, root.text_content().split("\n")) if line)


def _cleaner(tags):
    return nh3.Cleaner(
        tags=set(tags),
        # The star's empty set takes the place of nh3's own general attributes, lang and title.
        attributes={"*": set(), **{tag: set(names) for tag, names in ATTRIBUTES.items()}},
        clean_content_tags=set(UNSEEN),
        url_schemes=set(SCHEMES),
        url_relative="deny",
        # No link opens a window of its own, so there is no opener to protect.
        link_rel=None,
    )


# For what is read: every element with a meaning here. For what is kept: the allow-list.
READABLE = _cleaner(TAGS | BOUNDARIES | SAME.keys())
BLOCK_TEXT = _cleaner(TAGS)
INLINE_TEXT = _cleaner(INLINE_TAGS)


def _read(reader, text):
    """`reader`, having read `text`: purged first, so that it meets only well-nested elements that it knows."""
    reader.feed(READABLE.clean(UNPRINTABLE.sub("", text)))
    reader.close()
    reader.boundary()
    return reader


class _RunReader(HTMLParser):
    """Reads purged HTML as runs: pairs of text and the marks on it. A line break is the text "\\n"."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.runs = []
        self.open = {mark: [] for mark in MARKS}

    def handle_starttag(self, tag, attrs):
        tag = SAME.get(tag, tag)
        if tag in MARKS:
            self.open[tag].append(_address(dict(attrs)) if tag == "a" else tag)
        elif tag == "br":
            self.runs.append(("\n", ()))
        else:
            self.opened(tag)

    def handle_endtag(self, tag):
        tag = SAME.get(tag, tag)
        if tag in MARKS:
            self.open[tag].pop()
        elif tag != "br":
            self.closed(tag)

    def handle_data(self, data):
        marks = tuple((mark, values[-1]) for mark, values in self.open.items() if values and values[-1])
        self.runs.append((LINE_ENDS.sub(" ", UNPRINTABLE.sub("", data)), marks))

    def opened(self, tag):
        """A block begins."""
        self.boundary()

    def closed(self, tag):
        """A block ends."""
        self.boundary()

    def boundary(self):
        """Two blocks meet here."""
        self.runs.append(("\n", ()))


class _BlockReader(_RunReader):
    """Reads purged HTML as a tree of blocks.

    A block is a pair of its tag and its content: runs if it holds text, blocks if it holds blocks.
    """

    def __init__(self, top_heading):
        super().__init__()
        self.top_heading = f"h{top_heading}"
        # The open blocks, outermost first, and for each open element whether it became one.
        self.path = [("div", [])]
        self.counts = []
        self.headings = []

    def opened(self, tag):
        self.boundary()
        if tag in HEADINGS:
            self.headings.append(max(tag, self.top_heading))
            return
        self.counts.append(self.fits(tag))
        if self.counts[-1]:
            self.path.append(self.place(tag))

    def closed(self, tag):
        self.boundary()
        if tag in HEADINGS:
            self.headings.pop()
        elif self.counts.pop():
            self.path.pop()

    def fits(self, tag):
        """Whether an element `tag` becomes a block of its own here."""
        tags = [block[0] for block in self.path]
        if tag == "li":
            return tags[-1] in LISTS
        if tag in LISTS:
            return sum(tag in LISTS for tag in tags) < DEEPEST_LIST
        return tag == "blockquote" and tags == ["div"]

    def place(self, tag):
        """A new block at the end of the innermost; what stands in a list outside its items joins the last item."""
        outer, content = self.path[-1]
        if outer in LISTS and tag != "li":
            if not content:
                content.append(("li", []))
            content = content[-1][1]
        block = (tag, [])
        content.append(block)
        return block

    def boundary(self):
        lines = _lines(self.runs)
        self.runs = []
        if not lines:
            return
        if self.headings and not any(tag in LISTS for tag, _content in self.path):
            self.place(self.headings[-1])[1].extend(lines)
            return
        for paragraph in _paragraphs(lines):
            self.place("p")[1].extend(paragraph)

    def blocks(self):
        """The blocks that were read, without those that hold nothing."""
        return _without_empty(self.path[0])[1]


def _address(attributes):
    return UNPRINTABLE.sub("", attributes.get("href") or "").strip()


def _lines(runs):
    """`runs` with single spaces only, none at an edge; a gap carries the marks that both its sides carry."""
    found, gap = [], ""
    for text, marks in runs:
        if text == "\n":
            gap += text
            continue
        words = text.strip()
        if not words:
            gap += text
            continue
        gap += text[: text.index(words)]
        if found and gap:
            found.append((_gap(gap), tuple(mark for mark in found[-1][1] if mark in marks)))
        found.append((SPACES.sub(" ", words), marks))
        gap = text[len(text.rstrip()) :]
    return found


def _gap(gap):
    """The one character (or the two line breaks) that a run of white space stands for."""
    if "\n" in gap:
        return "\n" * min(gap.count("\n"), 2)
    return gap if len(gap) == 1 else " "


def _paragraphs(lines):
    """`lines` divided where two line breaks follow each other."""
    paragraph = []
    for run in lines:
        if run[0] == "\n\n":
            yield paragraph
            paragraph = []
        else:
            paragraph.append(run)
    yield paragraph


def _without_empty(block):
    tag, content = block
    if tag in LISTS or tag in {"div", "li", "blockquote"}:
        content = [child for child in map(_without_empty, content) if child[1]]
    return tag, content


def _written(block):
    """A block as HTML. The first paragraph of a list item stands bare if it is the only one."""
    tag, content = block
    if tag == "p" or tag in HEADINGS:
        return f"<{tag}>{_written_runs(content)}</{tag}>"
    if tag == "li":
        only = content[0][0] == "p" and all(child[0] != "p" for child in content[1:])
        first = _written_runs(content[0][1]) if only else _written(content[0])
        return "\n".join([f"<li>{first}", *map(_written, content[1:])]) + "</li>"
    return "\n".join([f"<{tag}>", *map(_written, content), f"</{tag}>"])


def _written_runs(runs):
    """Runs as HTML: an element stays open for as long as its mark goes on."""
    parts, standing = [], ()
    for text, marks in [*runs, ("", ())]:
        kept = 0
        while kept < min(len(standing), len(marks)) and standing[kept] == marks[kept]:
            kept += 1
        parts += [f"</{tag}>" for tag, _value in reversed(standing[kept:])]
        parts += [f'<a href="{html.escape(value)}">' if tag == "a" else f"<{tag}>" for tag, value in marks[kept:]]
        parts.append("<br>" if "\n" in text else html.escape(text, quote=False))
        standing = marks
    return "".join(parts)
