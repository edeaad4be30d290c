"""The form of a clean text: purged HTML is read as runs and blocks, and written back in one way only.

A run is a pair of text and the marks on it (pairs of tag and attributes); a line break is the text
"\\n". Nothing here makes a text safe: `press.richtext` purges before and after.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile

HEADINGS = ("h2", "h3", "h4")
LISTS = ("ul", "ol")
CELLS = ("th", "td")
LINES = (*CELLS, "caption")
TEXTS = ("p", *HEADINGS, *LINES)
SCOPES = ("col", "row")
# How a list may be numbered otherwise than in figures: in letters, in Roman numerals.
LETTERED = ("a", "A", "i", "I")
# The parts of a table, and what each stands in.
TABLE = {
    "table": {"div"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tr": {"thead", "tbody"},
    "th": {"tr"},
    "td": {"tr"},
}
# The order in which they nest: a link is outermost, so that one link is one element.
MARKS = ("a", "span", "strong", "em", "sup", "sub")

# What other programs write for the same thing.
SAME = {"b": "strong", "i": "em", "cite": "em", "dfn": "em", "h1": "h2", "h5": "h4", "h6": "h4", "tfoot": "tbody"}
# Elements that begin a new line on a page; those that the allow-list lacks count as paragraphs.
BOUNDARIES = frozenset(
    """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary table tbody td
    tfoot th thead tr ul
    """.split()  # noqa: SIM905 (words in lines read better than a column of strings)
)
DEEPEST_LIST = 5

SPACES = re.compile(r"\s{2,}")
# Controls, what XML forbids (feeds), the byte-order mark, and the filler the editor leaves behind.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
LINE_ENDS = re.compile("[\t\n\x0c\r\u2028\u2029]")
START = re.compile(r"0|[1-9][0-9]{0,4}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass
class Block:
    """An element that stands on lines of its own; it holds runs if it is one of TEXTS, otherwise blocks."""

    tag: str
    attributes: tuple = ()
    content: list = field(default_factory=list)


def printable(text):
    """`text` without the characters that no page, feed or file can hold."""
    return UNPRINTABLE.sub("", text)


def read_runs(text):
    """Purged HTML as the runs of one line."""
    return _one_line(_read(_RunReader(), text).runs)


def read_blocks(text, top_heading):
    """Purged HTML as blocks, without those that hold nothing; no heading is above the level `top_heading`."""
    return _without_empty(_read(_BlockReader(top_heading), text).path[0]).content


def write_blocks(blocks):
    """Blocks as HTML, one a line."""
    return "\n".join(map(_written, blocks))


def _read(reader, text):
    reader.feed(text)
    reader.close()
    reader.boundary()
    return reader


class _RunReader(HTMLParser):
    """Reads purged HTML as runs."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.runs = []
        self.open = {mark: [] for mark in MARKS}

    def handle_starttag(self, tag, attrs):
        tag = SAME.get(tag, tag)
        if tag in MARKS:
            self.open[tag].append(_attributes(tag, dict(attrs)))
        elif tag == "br":
            self.runs.append(("\n", ()))
        else:
            self.opened(tag, _attributes(tag, dict(attrs)))

    def handle_endtag(self, tag):
        tag = SAME.get(tag, tag)
        if tag in MARKS:
            self.open[tag].pop()
        elif tag != "br":
            self.closed(tag)

    def handle_data(self, data):
        marks = tuple((mark, values[-1]) for mark, values in self.open.items() if values and values[-1] is not None)
        self.runs.append((LINE_ENDS.sub(" ", printable(data)), marks))

    def opened(self, tag, attributes):
        """A block begins."""
        self.boundary()

    def closed(self, tag):
        """A block ends."""
        self.boundary()

    def boundary(self):
        """Two blocks meet here."""
        self.runs.append(("\n", ()))


class _BlockReader(_RunReader):
    """Reads purged HTML as blocks."""

    def __init__(self, top_heading):
        super().__init__()
        self.top_heading = f"h{top_heading}"
        # The open blocks, outermost first, and for each open element whether it became one.
        self.path = [Block("div")]
        self.counts = []
        self.headings = []

    def opened(self, tag, attributes):
        self.boundary()
        if tag in HEADINGS:
            self.headings.append(max(tag, self.top_heading))
            return
        self.counts.append(self.fits(tag))
        if self.counts[-1]:
            self.path.append(self.place(tag, attributes))

    def closed(self, tag):
        self.boundary()
        if tag in HEADINGS:
            self.headings.pop()
        elif self.counts.pop():
            block = self.path.pop()
            if block.tag in LINES:
                block.content, self.runs = _one_line(self.runs), []

    def fits(self, tag):
        """Whether an element `tag` becomes a block of its own here."""
        tags = [block.tag for block in self.path]
        if tag in TABLE:
            return tags[-1] in TABLE[tag]
        if tag in LISTS:
            return tags[-1] not in LINES and sum(tag in LISTS for tag in tags) < DEEPEST_LIST
        return tags[-1] in LISTS if tag == "li" else tag == "blockquote" and tags == ["div"]

    def place(self, tag, attributes=()):
        """A new block at the end of the innermost; what stands in a list outside its items joins the last item."""
        outer = self.path[-1]
        if outer.tag in LISTS and tag != "li":
            if not outer.content:
                outer.content.append(Block("li"))
            outer = outer.content[-1]
        outer.content.append(Block(tag, attributes))
        return outer.content[-1]

    def boundary(self):
        if self.path[-1].tag in LINES:
            super().boundary()
            return
        lines, self.runs = _lines(self.runs), []
        if lines and self.headings and not any(block.tag in LISTS for block in self.path):
            self.place(self.headings[-1]).content = lines
        elif lines:
            for paragraph in _paragraphs(lines):
                self.place("p").content = paragraph


def _attributes(tag, given):
    """What is kept of the attributes `given`, as pairs; None if a mark means nothing with these."""
    if tag == "a":
        address = printable(given.get("href") or "").strip()
        return (("href", address),) if address else None
    if tag == "span":
        complete = given.get("dir") and LANGUAGE.fullmatch(given.get("lang") or "")
        return (("lang", given["lang"]), ("dir", given["dir"])) if complete else None
    if tag == "ol":
        return _numbering(given)
    return (("scope", given["scope"]),) if tag == "th" and given.get("scope") in SCOPES else ()


def _numbering(given):
    """Where a list begins and how it is numbered, where that is not 1, 2, 3."""
    start, kind = given.get("start") or "", given.get("type")
    begins = (("start", start),) if START.fullmatch(start) and start != "1" else ()
    return (*begins, ("type", kind)) if kind in LETTERED else begins


def _lines(runs):
    """`runs` with single spaces only, none at an edge; a gap carries the marks that stay open across it."""
    found, gap = [], ""
    for text, marks in runs:
        words = text.strip()
        if not words:
            gap += text
            continue
        gap += text[: text.index(words)]
        if found and gap:
            found.append((_gap(gap), _shared(found[-1][1], marks)))
        found.append((SPACES.sub(" ", words), marks))
        gap = text[len(text.rstrip()) :]
    return found


def _gap(gap):
    """The one character (or the two line breaks) that a run of white space stands for."""
    if "\n" in gap:
        return "\n" * min(gap.count("\n"), 2)
    return gap if len(gap) == 1 else " "


def _shared(before, after):
    """The marks that stay open between two runs: from the outermost inwards, up to the first that differs."""
    return tuple(mark for mark, _same in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _one_line(runs):
    """`runs` like `_lines`, with single line breaks only."""
    return [("\n" if text == "\n\n" else text, marks) for text, marks in _lines(runs)]


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
    if block.tag == "tr":
        # An empty cell keeps its place beside the others.
        content = block.content if any(cell.content for cell in block.content) else []
    elif block.tag in TEXTS:
        content = block.content
    else:
        content = [child for child in map(_without_empty, block.content) if child.content]
    return Block(block.tag, block.attributes, content)


def _written(block):
    """A block as HTML. The first paragraph of a list item stands bare if it is the only one."""
    if block.tag in TEXTS:
        return f"{_start(block.tag, block.attributes)}{write_runs(block.content)}</{block.tag}>"
    first, *others = block.content
    if block.tag == "li":
        alone = first.tag == "p" and all(child.tag != "p" for child in others)
        start = write_runs(first.content) if alone else _written(first)
        return "\n".join([f"<li>{start}", *map(_written, others)]) + "</li>"
    return "\n".join([_start(block.tag, block.attributes), *map(_written, block.content), f"</{block.tag}>"])


def write_runs(runs):
    """Runs as HTML: an element stays open for as long as its mark goes on."""
    parts, standing = [], ()
    for text, marks in [*runs, ("", ())]:
        kept = len(_shared(standing, marks))
        parts += [f"</{tag}>" for tag, _attributes in reversed(standing[kept:])]
        parts += [_start(tag, attributes) for tag, attributes in marks[kept:]]
        parts.append("<br>" if text == "\n" else html.escape(text, quote=False))
        standing = marks
    return "".join(parts)


def _start(tag, attributes):
    return "".join([f"<{tag}", *(f' {name}="{html.escape(value)}"' for name, value in attributes), ">"])
