"""What the forms of the consular section say, as plain texts: those that are shown, and those that are posted.

A field's value is what a browser sends of it; that of an inline is a list of rows, each a dict of such
values with the key of its row (`id`; empty: a new one) where rows have keys.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext

from embassy.difference import Difference, compare, folded
from embassy.two_texts import Clash

SALT = "consular.opened"
# Django's forms read no more rows either.
MOST_ROWS = 2000
NOT_SAID = frozenset({"DELETE"})


@dataclass(frozen=True)
class Text:
    """What one field or inline of a form says, and what it is called."""

    label: str
    value: Any
    # The bound fields, for one or for each row.
    fields: list

    @property
    def lines(self):
        """What it says in words, as lines; in an inline each begins with the column's name."""
        if isinstance(self.value, str):
            return _words(self.fields[0]).split("\n") if self.value else []
        rows = [[field for field in row if not field.is_hidden and sent(field)] for row in self.fields]
        return [f"{field.label}: {_words(field)}" for row in rows for field in row]


def sent(field):
    """What a browser sends of a bound field: what was typed, or what the form shows."""
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.CheckboxInput):
        return "on" if widget.check_test(value) else ""
    shown = widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown).replace("\r\n", "\n").strip()


def text_of_field(field):
    """The Text of a bound field."""
    return Text(str(field.label), sent(field), [field])


def text_of_rows(label, rows, has_keys=True):
    """The Text of forms that are rows."""
    fields = [[form[name] for name in form.fields if name not in NOT_SAID] for form in rows]
    values = [{field.name: sent(field) for field in row if not field.is_hidden} for row in fields]
    if has_keys:
        values = [{**value, "id": str(form.instance.pk or "")} for value, form in zip(values, rows, strict=True)]
    return Text(label, values, fields)


def posted_rows(formset_class, data):
    """The rows of an inline in the posted `data` as forms, without those that are to be deleted; None: it is not there.

    They are read past the formset, which cannot show rows that a colleague has deleted meanwhile.
    """
    prefix = formset_class.get_default_prefix()
    if f"{prefix}-TOTAL_FORMS" not in data:
        return None
    total = _number(data[f"{prefix}-TOTAL_FORMS"])
    rows = []
    for start in (f"{prefix}-{number}" for number in range(min(total, MOST_ROWS))):
        key = _number(data.get(f"{start}-id"))
        form = formset_class.form(data, prefix=start, instance=formset_class.model(pk=key or None))
        if not data.get(f"{start}-DELETE") and (key or form.has_changed()):
            rows.append(form)
    return rows


def clashes_of(mine, theirs, opened):
    """The Clashes between two forms' texts by name; `opened` has the values at the beginning (None: nobody knows)."""
    return [
        Clash(
            Difference(name, theirs[name].label, folded(compare(theirs[name].lines, text.lines))),
            # What is not in it are rows that there were none of.
            mine_changed=opened is None or opened.get(name, []) != text.value,
            theirs_changed=opened is None or opened.get(name, []) != theirs[name].value,
        )
        for name, text in mine.items()
        if text.value != theirs[name].value
    ]


def values_of(texts):
    """The values of a form's texts by name."""
    return {name: text.value for name, text in texts.items()}


def signed(values):
    """The values of a form as it was opened, to travel with it and come back unaltered."""
    return signing.dumps(values, salt=SALT, compress=True)


def unsigned(text):
    """The values that `signed` made the `text` of, or None."""
    try:
        return signing.loads(text or "", salt=SALT)
    except signing.BadSignature:
        return None


def write_rows(fields, prefix, rows, stored):
    """Let the rows of the inline `prefix` in the posted `fields` be `rows`, for a form in which `stored` are saved.

    Each row stays the one that it is; what is stored and not among `rows` is deleted.
    """
    for name in [name for name in fields if re.match(rf"{prefix}-\d+-", name)]:
        del fields[name]
    kept = {row["id"]: row for row in rows}
    keys = {row["id"] for row in stored}
    old = [kept.get(row["id"], {**row, "DELETE": "on"}) for row in stored]
    new = [{**row, "id": ""} for row in rows if row["id"] not in keys]
    for number, row in enumerate([*old, *new]):
        for name, value in row.items():
            fields[f"{prefix}-{number}-{name}"] = value
    fields[f"{prefix}-INITIAL_FORMS"] = str(len(old))
    fields[f"{prefix}-TOTAL_FORMS"] = str(len(old) + len(new))


def _words(field):
    """What a bound field says to its reader: of a choice its name."""
    value = sent(field)
    if value and isinstance(field.field.widget, forms.CheckboxInput):
        return gettext("yes")
    names = {str(key): str(name) for key, name in getattr(field.field, "choices", ())}
    return names.get(value, value)


def _number(text):
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
