"""The difference of two contents (press.content) in words: of what is read, never of tags.

Texts are compared line by line, then word by word within the lines that resemble each other.
"""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import lxml.html
from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext

from press import richtext
from press.content import FIELDS, PARTS, label_of
from press.models import Kind, StoredFile

# Fields that hold clean HTML.
RICH = frozenset({"body", "question", "answer"})
# What no words tell: where a picture is cut.
UNSAID = frozenset({"focal_x", "focal_y"})
# Below this likeness of their words two lines are another one each, not one that was changed.
SIMILAR = 0.4
# Lines of fewer words are always compared by them, and a line with no more than so many others.
SHORT = 3
LOOKED_AHEAD = 20
# So many unchanged lines stay beside a changed one; more are folded away.
BESIDE = 1
WORD = re.compile(r"\S+\s*")
PARAGRAPH_ID = re.compile(r' id="[pq]\d+"')

SAME, DELETED, INSERTED = "same", "deleted", "inserted"


@dataclass(frozen=True)
class Run:
    """Words that are in both texts, or in the old or the new one only."""

    act: str
    text: str


@dataclass(frozen=True)
class Stretch:
    """Lines, each a list of runs; unchanged ones that nobody need read are `folded`."""

    lines: list
    folded: bool = False


@dataclass(frozen=True)
class Difference:
    """What has changed in one field or part, by its label. Without stretches only the formatting has."""

    name: str
    label: str
    stretches: list = field(default_factory=list)


def differences(old, new):
    """What has to be done to the content `old` to get `new`, as a list of Difference; empty where nothing has changed.

    A content may lack fields and parts; what one of the two lacks is not compared.
    """
    found = [_of_field(name, old[name], new[name]) for name in FIELDS if name in old and name in new]
    found += [_of_part(part, old[part.name], new[part.name]) for part in PARTS if part.name in old and part.name in new]
    return [difference for difference in found if difference]


def words_of(name, value):
    """What a field's `value` says, as lines."""
    if value in (None, ""):
        return []
    if name in RICH:
        return richtext.to_text(_with_addresses(value)).split("\n")
    if isinstance(value, bool):
        return [gettext("yes")] if value else []
    if name in UNSAID:
        return []
    if name == "file":
        return [StoredFile.objects.filter(pk=value).values_list("name", flat=True).first() or value[:8]]
    if name == "kind":
        return [str(Kind(value).label)]
    if name == "language":
        return [str(dict(settings.LANGUAGES)[value])]
    if name == "signed_on":
        return [date_format(parse_date(str(value)), "j E Y")]
    return str(value).split("\n")


def compare(old, new):
    """The lines `old` and `new` as one list of lines, each a list of runs."""
    lines = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            lines += [[Run(SAME, line)] for line in old[old_from:old_to]]
        else:
            lines += _of_stretch(old[old_from:old_to], new[new_from:new_to])
    return lines


def _of_field(name, old, new):
    if str(old or "") == str(new or ""):
        return None
    old_words, new_words = words_of(name, old), words_of(name, new)
    if old_words == new_words:
        # What only a browser's line ends or an edition's paragraph ids tell apart is no difference.
        same = PARAGRAPH_ID.sub("", str(old or "")) == PARAGRAPH_ID.sub("", str(new or ""))
        return None if same else Difference(name, label_of(name))
    return Difference(name, label_of(name), _folded(compare(old_words, new_words)))


def _of_part(part, old, new):
    """Rows are lines too: each column of a row begins with its name."""
    if old == new:
        return None
    old_lines, new_lines = _lines_of(part, old), _lines_of(part, new)
    if old_lines == new_lines:
        return Difference(part.name, label_of(part.name))
    return Difference(part.name, label_of(part.name), _folded(compare(old_lines, new_lines)))


def _lines_of(part, rows):
    lines = []
    for row in rows:
        for name in part.fields:
            words = words_of(name, row.get(name))
            if words:
                label = str(part.label_of(name))
                lines.append(f"{label[:1].upper()}{label[1:]}: {words[0]}")
                lines += words[1:]
    return lines


def _with_addresses(text):
    """Rich text in which each link is followed by its address: to lead elsewhere is a difference as well."""
    if "<a " not in text:
        return text
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for link in root.iter("a"):
        if link.text_content() != link.get("href"):
            link.tail = f" ({link.get('href')}){link.tail or ''}"
    # to_text takes the outermost element for its own.
    return (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)


def _of_stretch(old, new):
    """Lines that were changed: those that resemble each other are compared by their words, in their order."""
    lines, next_old, inserted = [], 0, []
    for line in new:
        nearby = range(next_old, min(next_old + LOOKED_AHEAD, len(old)))
        match = next((number for number in nearby if _resemble(old[number], line)), None)
        if match is None:
            inserted.append([Run(INSERTED, line)])
            continue
        lines += [[Run(DELETED, gone)] for gone in old[next_old:match]] + inserted
        lines.append(_of_words(old[match], line))
        next_old, inserted = match + 1, []
    return lines + [[Run(DELETED, gone)] for gone in old[next_old:]] + inserted


def _resemble(old, new):
    old_words, new_words = old.split(), new.split()
    if max(len(old_words), len(new_words)) < SHORT:
        return True
    matcher = SequenceMatcher(None, old_words, new_words)
    likely = matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR
    return likely and matcher.ratio() >= SIMILAR


def _of_words(old, new):
    old_words, new_words = WORD.findall(old), WORD.findall(new)
    runs = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, [word.strip() for word in old_words], [word.strip() for word in new_words]
    ).get_opcodes():
        if act == "equal":
            runs.append(Run(SAME, "".join(new_words[new_from:new_to])))
            continue
        runs += _marked(DELETED, "".join(old_words[old_from:old_to]))
        runs += _marked(INSERTED, "".join(new_words[new_from:new_to]))
    return runs


def _marked(act, text):
    """A run of words, the space after them left out: a line through or under nothing is no mark."""
    words = text.rstrip()
    return [Run(act, words), *([Run(SAME, " ")] if words != text else [])] if words else []


def said(content):
    """What a content says, as pairs of a label and lines; without what is empty."""
    fields = [(label_of(name), words_of(name, content.get(name))) for name in FIELDS]
    parts = [(label_of(part.name), _lines_of(part, content.get(part.name, []))) for part in PARTS]
    return [(label, lines) for label, lines in fields + parts if lines]


def _folded(lines):
    """`lines` as stretches: what is far from every change is folded."""
    changed = [number for number, line in enumerate(lines) if any(run.act != SAME for run in line)]
    near = {number + beside for number in changed for beside in range(-BESIDE, BESIDE + 1)}
    stretches = []
    for number, line in enumerate(lines):
        folded = number not in near
        if not stretches or stretches[-1].folded != folded:
            stretches.append(Stretch([], folded))
        stretches[-1].lines.append(line)
    # Folding a single line saves no room.
    return [Stretch(s.lines, s.folded and len(s.lines) > 1) for s in stretches]


def summary(difference):
    """How much has changed, in words: for a screen reader, and for who need not see it all."""
    runs = [run for stretch in difference.stretches for line in stretch.lines for run in line]
    count = {act: sum(len(WORD.findall(run.text)) for run in runs if run.act == act) for act in (DELETED, INSERTED)}
    return gettext("words deleted: %(deleted)s, words inserted: %(inserted)s") % count
