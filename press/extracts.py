"""Extracts of texts with the words that were looked for marked, safely.

PostgreSQL's ts_headline puts marks around the hits, but it neither escapes nor knows what accents
the original had. So it is given folded plain text (migration 0009) and marks of its own; here the
marks are carried over to the original, the best piece is chosen, and all of it is escaped.
"""

from unicodedata import normalize

from django.utils.html import conditional_escape, format_html, mark_safe

# Characters that no alphabet uses.
START, STOP = "\ue000", "\ue001"
# How long an extract is, in characters, and how much of it stands before the first hit.
LENGTH = 260
BEFORE = 60
# What press_fold leaves out.
LEFT_OUT = {*map(chr, range(0x300, 0x370)), "\u00ad", *map(chr, range(0x200B, 0x200E)), "\u2060", "\ufeff"} - {"\u0306"}


def hits(text, marked):
    """Where the hits are in `text`, as (start, end): `marked` is the same text, folded, with marks."""
    spans, start, at = [], None, 0
    for character in marked:
        while at < len(text) and text[at] in LEFT_OUT:
            at += 1
        if character == START:
            start = at
        elif character == STOP:
            if start is not None:
                spans.append((start, at))
            start = None
        else:
            at += 1
    return [span for span in spans if span[1] <= len(text)]


def extract(text, marked):
    """The piece of plain `text` with the most hits, as HTML with `mark`; "" where there is none."""
    text = normalize("NFC", text)
    spans = hits(text, marked)
    if not spans:
        return ""
    start, end = _window(text, spans)
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return format_html("{}{}{}", before, _with_marks(text, spans, start, end), after)


def whole(text, marked):
    """All of plain `text` as HTML with `mark`."""
    text = normalize("NFC", text)
    return _with_marks(text, hits(text, marked), 0, len(text))


def _window(text, spans):
    """Where the best piece begins and ends, at spaces: the one with the most different hits, the first of them."""
    best, most = spans[0][0], 0
    for first, _end in spans:
        different = {text[start:end].casefold() for start, end in spans if first <= start and end <= first + LENGTH}
        if len(different) > most:
            best, most = first, len(different)
    start = max(0, best - BEFORE)
    if start:
        start = text.rfind(" ", 0, start + 1) + 1 or start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), best + 1)
    return start, end


def _with_marks(text, spans, start, end):
    pieces, at = [], start
    for first, last in spans:
        if first < at or last > end:
            continue
        pieces += [conditional_escape(text[at:first]), format_html("<mark>{}</mark>", text[first:last])]
        at = last
    # Every piece is escaped above.
    return mark_safe("".join([*pieces, conditional_escape(text[at:end])]))  # noqa: S308
