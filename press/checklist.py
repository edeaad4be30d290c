"""What to look at before a message is released: a list of small checks over what the working copy says.

A check is a function that takes a Draft and yields Findings. One that is surely wrong blocks:
release and correct refuse it (`refuse_blocked`). One that may be meant is a warning: the officer
decides. To add a check, write it and name it in CHECKS.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property

import lxml.html
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from press import richtext
from press.acts import Refused
from press.alphabets import ALPHABETS, share_of_others
from press.content import content_of
from press.links import fault_of
from press.models import Edition, Kind, Message
from press.plain_text import one_line
from press.teaser import teaser_of

# The button that leads from the form to the pictures.
FILES = "files-tool"
TITLES_AGE = timedelta(days=30)
# Fewer letters may be a name or an abbreviation; from so many on, a language is no matter of taste.
SOME_LETTERS, MANY_LETTERS = 20, 200
SURELY = 0.9
JOINT = re.compile(r"joint\s+(press\s+)?(statement|communiqué|communique|declaration)\b|совместн\w+\s+(пресс-)?"
                   r"(заявлени|коммюнике|деклараци)", re.IGNORECASE)  # fmt: skip

# What stands where something is to be filled in; small x only, since XX is a number of Romans and centuries.
PLACEHOLDER = re.compile(
    r"""
    \b(?:x{2,}|х{2,})\b                          # xx, in either alphabet
    | \b[XХ]{2}(?:[.:/](?:[XХ]{2,4}|\d{2,4}))+   # XX.XX.2026, XX:00
    | \b(?:TB[CDA]|TODO)\b(?!\s+[A-Z])
    | (?i:
        \[\s*(?:tb[cda]|name|date|time|place|title|(?:insert|to\s+be)\b[^\]]*|имя|фио|дата|время|место|название
            |должность|(?:вставить|уточнить|уточняется|добавить|дописать)\b[^\]]*)\s*\]
        | \blorem\s+ipsum\b
    )
    | _{3,}
    | \?{3,}
    """,
    re.VERBOSE,
)
# It stands for words left out of a quotation, too.
ELLIPSIS = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|<\s*(?:…|\.{2,})\s*>")
EXCERPT = 60


class Kinds(Enum):
    """How much a finding matters."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """A sentence for the officer, and the anchor of the field on the form that it is about."""

    kind: Kinds
    sentence: str
    anchor: str

    @property
    def blocks(self):
        """Whether it refuses a release."""
        return self.kind == Kinds.BLOCKING


def blocking(sentence, anchor):
    """A finding that refuses a release."""
    return Finding(Kinds.BLOCKING, sentence, anchor)


def warning(sentence, anchor):
    """A finding that an officer may overrule."""
    return Finding(Kinds.WARNING, sentence, anchor)


@dataclass(frozen=True)
class Draft:
    """What a check looks at: the content of `message` (press.content), to go live at the aware moment `at`."""

    message: Message
    content: dict
    at: datetime

    @cached_property
    def rich(self):
        """Its rich texts: pairs of the field's anchor and HTML."""
        exchanges = [
            (f"exchanges-{number}", exchange[name])
            for number, exchange in enumerate(self.content["exchanges"])
            for name in ("question", "answer")
        ]
        return [("id_body", self.content["body"]), *exchanges]

    @cached_property
    def plain(self):
        """All its texts without tags: pairs of the field's anchor and text."""
        lines = [("id_title", self.content["title"]), ("id_teaser", self.content["teaser"])]
        signed = [
            (f"signatories-{number}", " ".join(signatory.values()))
            for number, signatory in enumerate(self.content["signatories"])
        ]
        return [*lines, *((anchor, richtext.to_text(text)) for anchor, text in self.rich), *signed]


def teaser(draft):
    """The teaser says something, and something else than the title."""
    content = draft.content
    own, title = one_line(content["teaser"]), one_line(content["title"])
    if own and own.casefold() == title.casefold():
        yield warning(_("The teaser repeats the title."), "id_teaser")
    elif not own:
        questions = [exchange["question"] for exchange in content["exchanges"]]
        derived = teaser_of(title, "", content["body"], questions, content["kind"])
        if derived:
            yield warning(_("The teaser is empty: lists will say “%s”.") % _cut(derived), "id_teaser")
        else:
            yield warning(_("The teaser is empty, and lists will show the title only."), "id_teaser")


def text(draft):
    """There is something to read, and no question goes unanswered."""
    exchanges = draft.content["exchanges"]
    if draft.content["kind"] != Kind.Q_AND_A:
        if not draft.content["body"]:
            yield warning(_("The text is empty."), "id_body")
        return
    if not exchanges:
        yield warning(_("There is no question."), "exchanges-group")
    for number, exchange in enumerate(exchanges):
        if not richtext.to_text(exchange["answer"]):
            yield blocking(_("Question %d has no answer.") % (number + 1), f"exchanges-{number}")


def signatories(draft):
    """A joint statement is signed by two or more."""
    if draft.content["kind"] != Kind.STATEMENT or not JOINT.match(draft.content["title"]):
        return
    if len(draft.content["signatories"]) < 2:
        yield blocking(_("A joint statement needs two signatories or more."), "signatories-group")


def placeholders(draft):
    """Nothing is still to be filled in."""
    for anchor, words in draft.plain:
        for found in _distinct(PLACEHOLDER, words):
            yield blocking(_("“%s” is still to be filled in.") % found, anchor)
        for found in _distinct(ELLIPSIS, words):
            yield warning(_("“%s”: is something still to be filled in?") % found, anchor)


def bold_headings(draft):
    """What looks like a heading is one, for those who do not see it too."""
    for anchor, html in draft.rich:
        for paragraph in _elements(html, "p"):
            strong = paragraph.find("strong")
            words = paragraph.text_content().strip()
            alone = strong is not None and strong.text_content().strip() == words
            if alone and len(words) <= EXCERPT * 2 and not words.endswith((".", "!")):
                yield warning(_("“%s” is only bold: make it a heading.") % _cut(words), anchor)


def links(draft):
    """Every link leads where readers can go, at the moment when they can read it."""
    for anchor, html in draft.rich:
        for link in _elements(html, "a"):
            if fault := fault_of(link.get("href", ""), draft.at):
                kind = blocking if fault.is_certain else warning
                yield kind(fault.sentence % {"address": _cut(link.get("href", ""))}, anchor)


def pictures(draft):
    """Every picture is described for those who do not see it, or said to tell nothing."""
    for number, photo in enumerate(draft.content["photos"]):
        if not photo["alt"].strip() and not photo["is_decorative"]:
            yield blocking(_("Picture %d has no alternative text.") % (number + 1), FILES)


def title_used(draft):
    """The title is new."""
    title = one_line(draft.content["title"])
    used = Edition.objects.filter(
        language=draft.content["language"], published_at__gt=draft.at - TITLES_AGE, title__iexact=title
    ).exclude(message=draft.message)
    if earlier := used.order_by("-published_at").only("published_on").first():
        words = _("Another message of %s has the same title.") % date_format(earlier.published_on, "j E Y")
        yield warning(words, "id_title")


def language(draft):
    """The message, and each part that is marked, is in the language it is said to be in."""
    code = draft.content["language"]
    words = " ".join([draft.content["title"], draft.content["teaser"], *(_unmarked(html) for _a, html in draft.rich)])
    share, letters = share_of_others(words, code)
    if share > 0.5 and letters >= SOME_LETTERS:
        kind = blocking if share >= SURELY and letters >= MANY_LETTERS else warning
        sentence = _("The message is marked as %s, but is not written in its letters.") % _name(code)
        yield kind(sentence, "id_language")
    for anchor, html in draft.rich:
        for part in _elements(html, "span"):
            marked, words = part.get("lang", ""), part.text_content()
            if marked in ALPHABETS and share_of_others(words, marked)[0] > 0.5:
                sentence = _("“%(words)s” is marked as %(language)s, but is not written in its letters.")
                yield warning(sentence % {"words": _cut(words), "language": _name(marked)}, anchor)


CHECKS = (teaser, text, signatories, placeholders, bold_headings, links, pictures, title_used, language)


def findings(message, at):
    """What there is to look at before the stored `message` goes live at the aware moment `at`; blocking ones first."""
    draft = Draft(message, content_of(message), at)
    found = [finding for check in CHECKS for finding in check(draft)]
    return sorted(found, key=lambda finding: not finding.blocks)


def refuse_blocked(message, at):
    """Raise Refused if something in the stored `message` must be mended before it goes live at `at`."""
    blocked = [finding.sentence for finding in findings(message, at) if finding.blocks]
    if blocked:
        raise Refused(" ".join(blocked))


def _elements(html, tag):
    return lxml.html.fragment_fromstring(html, create_parent="div").iter(tag) if html else ()


def _unmarked(html):
    """The words of `html` outside parts that are marked as of another language."""
    if not html:
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for part in list(root.iter("span")):
        part.text = None
        del part[:]
    return root.text_content()


def _distinct(pattern, words):
    return dict.fromkeys(match.group().strip() for match in pattern.finditer(words))


def _cut(words):
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()}…"


def _name(code):
    return get_language_info(code)["name_translated"]
