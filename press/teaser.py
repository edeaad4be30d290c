"""The teaser that a message gets when its officer wrote none."""

import re

from press import richtext
from press.models.message import TEASER_LENGTH, Kind

# The end of a sentence: a full stop or the like, closing quotes, white space, then no small letter
# (so that "Mr. smith" and «ул. садовая» are not cut; what is cut wrongly is still readable).
SENTENCE_END = re.compile(r"(?<=[.!?…])([»”’\")]*)\s+(?=[^\sa-zа-яё])")


def teaser_of(title, own, body, questions, kind):
    """The officer's `own` teaser, else a Q&A's first question, else the first sentences of `body` (HTML).

    Plain text of at most TEASER_LENGTH characters; it never repeats the title.
    """
    if own.strip() and own.strip() != title:
        return own.strip()
    if kind == Kind.Q_AND_A and questions:
        return _shortened(_one_line(richtext.to_text(questions[0])))
    sentences = _sentences(_one_line(richtext.to_text(body)))
    if sentences and sentences[0].rstrip(".") == title.rstrip("."):
        sentences = sentences[1:]
    return _first_sentences(sentences)


def _one_line(text):
    return " ".join(text.split())


def _sentences(text):
    return [part for part in SENTENCE_END.sub("\\1\n", text).split("\n") if part]


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
