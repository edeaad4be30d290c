"""The difference of two contents (press.content) in words: of what is read, never of tags.

Texts are compared line by line, then word by word within the lines that resemble each other.
"""

import re

import lxml.html
from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext

from embassy.difference import Difference, compare, folded
from press import richtext
from press.content import FIELDS, PARTS, label_of
from press.models import Kind, StoredFile, Topic

# Fields that hold clean HTML.
RICH = frozenset({"body", "question", "answer"})
# What no words tell: where a picture is cut.
UNSAID = frozenset({"focal_x", "focal_y"})
PARAGRAPH_ID = re.compile(r' id="[pq]\d+"')


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
    if name == "topic":
        # Working copies have its key, editions its slug.
        return [str(topic) for topic in Topic.objects.filter(**{"slug" if isinstance(value, str) else "pk": value})]
    if name == "kind":
        return [str(Kind(value).label)]
    if name == "language":
        return [str(dict(settings.LANGUAGES).get(value, value))]
    if name == "signed_on":
        return [_date_in_words(str(value))]
    return str(value).split("\n")


def _date_in_words(text):
    """The date that `text` is, or what was typed in its place: an unsaved text may be wrong."""
    try:
        date = parse_date(text)
    except ValueError:
        date = None
    return date_format(date, "j E Y") if date else text


def _of_field(name, old, new):
    if str(old or "") == str(new or ""):
        return None
    old_words, new_words = words_of(name, old), words_of(name, new)
    if old_words == new_words:
        # What only a browser's line ends or an edition's paragraph ids tell apart is no difference.
        same = PARAGRAPH_ID.sub("", str(old or "")) == PARAGRAPH_ID.sub("", str(new or ""))
        return None if same else Difference(name, label_of(name))
    return Difference(name, label_of(name), folded(compare(old_words, new_words)))


def _of_part(part, old, new):
    """Rows are lines too: each column of a row begins with its name."""
    if old == new:
        return None
    old_lines, new_lines = _lines_of(part, old), _lines_of(part, new)
    if old_lines == new_lines:
        return Difference(part.name, label_of(part.name))
    return Difference(part.name, label_of(part.name), folded(compare(old_lines, new_lines)))


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


def said(content):
    """What a content says, as pairs of a label and lines; without what is empty."""
    fields = [(label_of(name), words_of(name, content.get(name))) for name in FIELDS]
    parts = [(label_of(part.name), _lines_of(part, content.get(part.name, []))) for part in PARTS]
    return [(label, lines) for label, lines in fields + parts if lines]
