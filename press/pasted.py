"""Text from Word, LibreOffice and browsers, as HTML that says the same in the words of the allow-list.

Word writes lists as paragraphs with a number typed before them, headers of tables as bold cells,
and the language of every run whether it knows it or not. What is meant is put into elements here;
`press.richtext` then removes the rest: colours, fonts, widths, pictures, links within a document
that is not there.
"""

import re

import lxml.html

from press.alphabets import ALPHABETS, share_of_others
from press.richtext_form import printable

# What shows that a text comes from Word, or from a program that writes as Word does.
WORD = re.compile(r"\bmso-|class=[\"']?Mso|urn:schemas-microsoft-com:office", re.IGNORECASE)
FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*?)<!--\s*EndFragment\s*-->", re.DOTALL | re.IGNORECASE)
# <!--[if gte mso 9]> … <![endif]--> is a comment as a whole; <![if !supportLists]> stands around what all may read.
HIDDEN = re.compile(r"<!--\[if[^\]]*\]>.*?<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
CONDITION = re.compile(r"<!--\[(?:if|endif)[^\]]*\]-->|<!\[(?:if|endif)[^\]]*\]>", re.IGNORECASE)
# So Chrome writes the space between two elements.
GAP = re.compile(r"<span>(?:&nbsp;|\xa0)</span>")
# What printable() leaves, and lxml does not take.
CONTROLS = re.compile("[\x0c\x1c-\x1f]")
LIST_STYLE = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d+)\s+lfo\d+", re.IGNORECASE)
IGNORED = re.compile(r"mso-list\s*:\s*Ignore", re.IGNORECASE)
DELETED = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
NUMBERED = re.compile(r"[(\[]?(?:(\d+)|([a-z]+)|([A-Z]+))[.):\]]+")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
BLOCKS = frozenset({"p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "caption"})


def meant(text):
    """`text`, HTML from another program's clipboard, with lists, headers of tables and languages as elements.

    It is not safe: it must be cleaned (press.richtext) like any other.
    """
    found = FRAGMENT.search(text)
    text = CONDITION.sub("", HIDDEN.sub("", found.group(1) if found else text))
    text = GAP.sub(" ", text)
    if not text.strip():
        return ""
    root = lxml.html.fragment_fromstring(CONTROLS.sub(" ", printable(text)), create_parent="div")
    for element in list(root.iter(lxml.html.etree.Element)):
        if DELETED.search(element.get("style", "")):
            element.drop_tree()
    is_word = bool(WORD.search(text))
    if is_word:
        _make_lists(root)
    _make_headers(root)
    _keep_languages(root, is_word)
    return lxml.html.tostring(root, encoding="unicode")


def is_words(text):
    """Whether `text` bears Word's marks."""
    return bool(WORD.search(text))


# Lists


def _make_lists(root):
    """Put what Word's numbered paragraphs mean into nested lists."""
    open_lists, last = [], None
    for paragraph in list(root.iter("p")):
        level = _level(paragraph)
        if not level:
            continue
        if last is None or paragraph.getprevious() is not last or _words_between(last):
            open_lists = []
        last = _append(paragraph, level, open_lists)


def _level(paragraph):
    """How deep a paragraph stands in a list; 0 if in none, or in one whose marks no HTML list has."""
    style = LIST_STYLE.search(paragraph.get("style", ""))
    mark = _mark(paragraph) if style else None
    if mark is None or (re.match(r"[(\[]?[А-Яа-яЁё]+[.)]", mark.text_content().strip())):
        return 0
    return int(style.group(1))


def _mark(paragraph):
    return next((part for part in paragraph.iter("span") if IGNORED.search(part.get("style", ""))), None)


def _words_between(element):
    return bool((element.tail or "").strip())


def _append(paragraph, level, open_lists):
    """Make `paragraph` an item of the list it belongs to; returns the outermost list, which stands in its place."""
    mark = _mark(paragraph)
    tag, kind, number = _numbering(mark.text_content().strip())
    mark.drop_tree()
    while open_lists and open_lists[-1][0] > level:
        open_lists.pop()
    if open_lists and open_lists[-1][0] == level and not _goes_on(open_lists[-1][1], tag, kind, number):
        open_lists.pop()
    if not open_lists or open_lists[-1][0] < level:
        made = lxml.html.Element(tag, {"type": kind, "start": str(number)})
        if open_lists:
            open_lists[-1][1][-1].append(made)
        else:
            paragraph.addprevious(made)
        open_lists.append((level, made))
    item = lxml.html.Element("li")
    item.text = paragraph.text
    item.extend(list(paragraph))
    open_lists[-1][1].append(item)
    tail, parent = paragraph.tail, paragraph.getparent()
    parent.remove(paragraph)
    outermost = open_lists[0][1]
    outermost.tail = tail
    return outermost


def _goes_on(made, tag, kind, number):
    """Whether an item with this numbering is the next one of the list `made`."""
    expected = int(made.get("start", 1)) + len(made)
    return made.tag == tag and made.get("type", "") == kind and (tag == "ul" or number == expected)


def _numbering(mark):
    """(ol or ul, the list's type or "", the item's number) of the mark that Word typed before an item."""
    found = NUMBERED.fullmatch(mark)
    if not found:
        return "ul", "", 1
    digits, small, large = found.groups()
    if digits:
        return "ol", "", int(digits)
    letters = (small or large).lower()
    if set(letters) <= ROMAN.keys() and (len(letters) > 1 or letters in "iv"):
        return "ol", "i" if small else "I", _roman(letters)
    # After z comes aa, after aa comes bb.
    return "ol", "a" if small else "A", ord(letters[0]) - ord("a") + 1 + 26 * (len(letters) - 1)


def _roman(letters):
    values = [ROMAN[letter] for letter in letters]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


# Tables


def _make_headers(root):
    """Cells that head their columns are headers: in a table's head, or bold ones in Word's first row."""
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        heads = [row for row in rows if row.getparent().tag == "thead"]
        if not heads and rows and not list(table.iter("th")) and _is_bold_row(rows[0]) and len(rows) > 1:
            heads = rows[:1]
            _put_into_head(table, rows[0])
        for row in heads:
            for cell in row.iter("td", "th"):
                cell.tag = "th"
                cell.set("scope", "col")
                _unbold(cell)


def _put_into_head(table, row):
    head = lxml.html.Element("thead")
    body = row.getparent()
    before = body if body is not table else row
    before.addprevious(head)
    head.append(row)


def _is_bold_row(row):
    cells = list(row.iter("td"))
    return bool(cells) and all(_is_bold(cell) for cell in cells if cell.text_content().strip())


def _is_bold(cell):
    words = re.sub(r"\s", "", cell.text_content())
    bold = "".join(part.text_content() for part in cell.iter("b", "strong") if not _within_bold(part, cell))
    return bool(words) and re.sub(r"\s", "", bold) == words


def _within_bold(part, cell):
    return any(outer.tag in {"b", "strong"} for outer in part.iterancestors() if outer in cell.iter())


def _unbold(cell):
    """A header is bold by itself."""
    for part in list(cell.iter("b", "strong")):
        part.drop_tag()


# Languages


def _keep_languages(root, is_word):
    """Mark the parts that are in another language than the whole, where that can be believed."""
    whole = _own_alphabet(root.text_content())
    for element in list(root.iter(lxml.html.etree.Element)):
        language = (element.attrib.pop("lang", "") or element.attrib.pop("xml:lang", "")).partition("-")[0].lower()
        if language and element is not root and _is_believed(element, language, whole, is_word):
            _mark_language(element, language)


def _own_alphabet(words):
    """The language of the site whose alphabet most letters are of, or ""."""
    counts = {code: len(letters.findall(words)) for code, letters in ALPHABETS.items()}
    return max(counts, key=counts.get) if any(counts.values()) else ""


def _is_believed(element, language, whole, is_word):
    """Whether to believe that `element` is in `language`, in a text that is on the whole in the language `whole`.

    Word marks every run, and often wrongly: there only an alphabet proves it.
    """
    words = element.text_content()
    is_marked = any(outer.get("lang") == language for outer in element.iterancestors())
    if language == whole or is_marked or not words.strip():
        return False
    if language in ALPHABETS:
        return share_of_others(words, language)[0] < 0.5
    return not is_word and bool(re.fullmatch("[a-z]{2,3}", language))


def _mark_language(element, language):
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    if element.tag not in BLOCKS:
        element.tag = "span"
        element.set("lang", language)
        element.set("dir", direction)
        return
    if any(child.tag in BLOCKS for child in element.iter() if child is not element):
        return
    part = lxml.html.Element("span", {"lang": language, "dir": direction})
    part.text, element.text = element.text, None
    part.extend(list(element))
    element.append(part)
