"""The difference of two texts in words: line by line, then word by word within the lines that resemble each other."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext

# Below this likeness of their words two lines are another one each, not one that was changed.
SIMILAR = 0.4
# Lines of fewer words are always compared by them, and a line with no more than so many others.
SHORT = 3
LOOKED_AHEAD = 20
# So many unchanged lines stay beside a changed one; more are folded away.
BESIDE = 1
WORD = re.compile(r"\S+\s*")

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


def compare(old, new):
    """The lines `old` and `new` as one list of lines, each a list of runs."""
    lines = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            lines += [[Run(SAME, line)] for line in old[old_from:old_to]]
        else:
            lines += _of_stretch(old[old_from:old_to], new[new_from:new_to])
    return lines


def folded(lines):
    """The compared `lines` as stretches: what is far from every change is folded."""
    changed = [number for number, line in enumerate(lines) if any(run.act != SAME for run in line)]
    near = {number + beside for number in changed for beside in range(-BESIDE, BESIDE + 1)}
    stretches = []
    for number, line in enumerate(lines):
        far = number not in near
        if not stretches or stretches[-1].folded != far:
            stretches.append(Stretch([], far))
        stretches[-1].lines.append(line)
    # Folding a single line saves no room.
    return [Stretch(s.lines, s.folded and len(s.lines) > 1) for s in stretches]


def summary(difference):
    """How much has changed, in words: for a screen reader, and for who need not see it all."""
    runs = [run for stretch in difference.stretches for line in stretch.lines for run in line]
    count = {act: sum(len(WORD.findall(run.text)) for run in runs if run.act == act) for act in (DELETED, INSERTED)}
    return gettext("words deleted: %(deleted)s, words inserted: %(inserted)s") % count


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
