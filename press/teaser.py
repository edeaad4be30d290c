"""The teaser that a message gets when its officer wrote none."""

import re
from itertools import groupby

from press import richtext
from press.models.message import TEASER_LENGTH, Kind
from press.plain_text import one_line

# Full stops that end no sentence: after an initial («А. Б. Примеров», "H.E."), and after these words.
ABBREVIATIONS = """
    Mr Mrs Ms Dr Prof Gen Col Rev Hon St No Nos Art Vol Ltd Inc vs etc approx
    г гг ул им пр пл д стр см ст тыс млн млрд руб коп проф акад ген тел доб рис др
""".split()  # noqa: SIM905 (words in lines read better than a column of strings)
NO_END = re.compile(rf"(?:\b[^\W\d_]|\b(?:{'|'.join(ABBREVIATIONS)}))\.$", re.IGNORECASE)
# A full stop or the like, closing quotes, white space, then no small letter.
SENTENCE_END = re.compile(r"[.!?…][»”’\")\]]*(?=\s+[^\sa-zа-яё])")
FINISHED = re.compile(r"[.!?…][»”’\")\]]*$")


def teaser_of(title, own, body, questions, kind):
    """The officer's `own` teaser, else a Q&A's first question, else the first sentences of `body` (HTML).

    Plain text of at most TEASER_LENGTH characters; it never repeats the title.
    """
    own = one_line(own)
    if own and not _same(own, title):
        return _shortened(own)
    if kind == Kind.Q_AND_A:
        asked = (one_line(richtext.to_text(question)) for question in questions)
        for question in asked:
            if not _same(question, title):
                return _shortened(question)
    # A line break within a paragraph ends nothing.
    lines = [one_line(line) for line in richtext.to_text(body.replace("<br>", " ")).split("\n")]
    return _first_sentences(_without_title(_sentences([line for line in lines if not _same(line, title)]), title))


def _same(text, title):
    """Whether a reader would take `text` for the title."""
    # A text much longer says more; imports compare every paragraph.
    return len(text) <= 2 * len(title) + 20 and _words(text) == _words(title)


def _words(text):
    return re.findall(r"\w+", text.casefold()) or text.split()


def _sentences(lines):
    """The sentences of the first lines that are some; headings, datelines, items of a list are not."""
    groups = groupby(lines, lambda line: bool(FINISHED.search(line)))
    running = next((list(group) for finished, group in groups if finished), [])
    return [sentence for line in running for sentence in _divided(line)] or lines[:1]


def _divided(line):
    start = 0
    for end in SENTENCE_END.finditer(line):
        if not NO_END.search(line, start, end.end()):
            yield line[start : end.end()].strip()
            start = end.end()
    yield line[start:].strip()


def _without_title(sentences, title):
    """`sentences` without those that say the title once more."""
    wanted, said = _words(title), []
    for count, sentence in enumerate(sentences, start=1):
        said += _words(sentence)
        if said == wanted:
            return _without_title(sentences[count:], title)
        if len(said) >= len(wanted):
            break
    return sentences


def _first_sentences(sentences):
    teaser = ""
    for sentence in sentences:
        longer = f"{teaser} {sentence}".strip()
        if len(longer) > TEASER_LENGTH:
            break
        teaser = longer
    return teaser or _shortened(" ".join(sentences[:1]))


def _shortened(text):
    if len(text) <= TEASER_LENGTH:
        return text
    words = text[: TEASER_LENGTH - 1].rsplit(" ", 1)[0]
    return words.rstrip(" ,;:–—-") + "…"
