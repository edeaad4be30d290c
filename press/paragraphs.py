"""Paragraph numbers: every block of a released text can be linked to, for ever.

A block gets its id (`p1`, `p2` …; questions `q1` …) when it is released. In a later edition the
same or a similar block keeps its id; a new one gets a number that no edition of the message used.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import html

# Below this likeness (difflib's ratio) a changed paragraph counts as another one.
SIMILAR = 0.5
# Texts up to this many characters are compared by their letters, longer ones by their words.
BY_LETTERS = 100


@dataclass
class Block:
    """A paragraph, heading, list, quotation or question: its text, and its id once it has one."""

    text: str
    id: str = ""


def number_text(body, exchanges, earlier):
    """Return `body` and `exchanges` with ids on their blocks.

    `body` is clean HTML, `exchanges` a list of dicts of question and answer (clean HTML), `earlier`
    the (body, exchanges) of every earlier edition of the message, oldest first.
    """
    fragments = [_parse(body)] + [_parse(exchange["answer"]) for exchange in exchanges]
    elements = [element for fragment in fragments for element in fragment]
    blocks = [Block(_text(element)) for element in elements]
    questions = [Block(_text(_parse(exchange["question"]))) for exchange in exchanges]
    texts = [_blocks_of(*edition) for edition in earlier]
    _carry_over("p", blocks, [paragraphs for paragraphs, _questions in texts])
    _carry_over("q", questions, [questions for _paragraphs, questions in texts])
    for element, block in zip(elements, blocks, strict=True):
        element.set("id", block.id)
    numbered = [
        {"id": block.id, "question": exchange["question"], "answer": _serialise(fragment)}
        for block, exchange, fragment in zip(questions, exchanges, fragments[1:], strict=True)
    ]
    return _serialise(fragments[0]), numbered


def _blocks_of(body, exchanges):
    elements = [*_parse(body), *(element for exchange in exchanges for element in _parse(exchange["answer"]))]
    paragraphs = [Block(_text(element), element.get("id")) for element in elements]
    questions = [Block(_text(_parse(exchange["question"])), exchange["id"]) for exchange in exchanges]
    return paragraphs, questions


def _carry_over(prefix, blocks, earlier):
    """Give each of `blocks` an id: its forerunner's in the last of `earlier`, else a new one."""
    last = earlier[-1] if earlier else []
    changed = _match_unchanged(last, blocks)
    _match_moved(last, blocks)
    # Only now: what merely resembles a moved block must not take its id.
    for old_blocks, new_blocks in changed:
        _match_similar(_without_heir(old_blocks, blocks), new_blocks)
    highest = max((int(block.id[1:]) for edition in earlier for block in edition), default=0)
    for block in blocks:
        if not block.id:
            highest += 1
            block.id = f"{prefix}{highest}"


def _match_unchanged(last, blocks):
    """Let blocks that stand where they stood keep their ids; return the stretches that were changed, in pairs."""
    matcher = SequenceMatcher(None, [block.text for block in last], [block.text for block in blocks], autojunk=False)
    changed = []
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act == "equal":
            for old, new in zip(last[old_from:old_to], blocks[new_from:new_to], strict=True):
                new.id = old.id
        elif act == "replace":
            changed.append((last[old_from:old_to], blocks[new_from:new_to]))
    return changed


def _match_moved(last, blocks):
    """Let a block that only moved keep its id."""
    free = {}
    for old in _without_heir(last, blocks):
        free.setdefault(old.text, []).append(old.id)
    for block in blocks:
        if not block.id and free.get(block.text):
            block.id = free[block.text].pop(0)


def _match_similar(old_blocks, new_blocks):
    """Match changed blocks in order: each new one takes the first later old one that is like it."""
    start = 0
    for new in new_blocks:
        if new.id:
            continue
        for index in range(start, len(old_blocks)):
            if _alike(old_blocks[index].text, new.text):
                new.id = old_blocks[index].id
                start = index + 1
                break


def _alike(old, new):
    # Letter by letter, one rewritten page would hold its message's lock for many seconds.
    parts = (old.split(), new.split()) if max(len(old), len(new)) > BY_LETTERS else (old, new)
    matcher = SequenceMatcher(None, *parts, autojunk=False)
    return matcher.quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def _without_heir(old_blocks, blocks):
    taken = {block.id for block in blocks}
    return [old for old in old_blocks if old.id not in taken]


def _parse(fragment):
    return html.fragment_fromstring(fragment, create_parent="div")


def _text(element):
    return " ".join(element.text_content().split())


def _serialise(fragment):
    return "".join(html.tostring(element, encoding="unicode", with_tail=False) for element in fragment)
