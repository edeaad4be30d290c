"""A form of a message as a browser posts it: what it says, and the same form with other values.

Nothing is validated: an unsaved text may be wrong, and must still be shown.
"""

from django.db.models import BooleanField, ForeignKey, IntegerField
from django.http import QueryDict

from press import richtext
from press.content import FIELDS, PARTS, Chosen

CLEANERS = {"body": richtext.clean, "question": richtext.clean_inline, "answer": richtext.clean_answer}


def as_querydict(pairs):
    """Fields as Django's forms read them, from (name, value) pairs."""
    fields = QueryDict(mutable=True)
    for name, value in pairs:
        fields.appendlist(name, value)
    return fields


def content_of_form(fields, kind):
    """The content (press.content) that saving `fields` would make; without the fields and parts that it lacks."""
    content = {name: _value(name, fields[name]) for name in FIELDS if name in fields}
    content |= {part.name: rows_of(part, fields) for part in PARTS if _holds(fields, part)}
    return {**content, "kind": str(kind)}


def rows_of(part, fields):
    """The rows of a part in the order of their places, as press.forms.PartFormSet saves them."""
    if isinstance(part, Chosen):
        return part.rows(filter(None, map(_key, fields.getlist(part.name))))
    stored = _number(fields.get(f"{part.name}-INITIAL_FORMS"))
    rows = []
    for number in range(_number(fields.get(f"{part.name}-TOTAL_FORMS"))):
        row = {name: _column(part, fields, number, name) for name in part.fields}
        deleted = fields.get(f"{part.name}-{number}-DELETE")
        if not deleted and any(row[name] for name in _texts(part)):
            rows.append((_place(part, fields, number, number < stored), row))
    return [row for _place_of_row, row in sorted(rows, key=lambda pair: pair[0])]


def with_values(fields, names, content, message):
    """A copy of `fields` in which the fields and parts `names` say what `content` says.

    The rows of a part are written over those that `message` has now, so that the form fits it.
    """
    changed = fields.copy()
    parts = {part.name: part for part in PARTS}
    for name in names:
        if isinstance(parts.get(name), Chosen):
            changed.setlist(name, ["", *(str(row[parts[name].field]) for row in content[name])])
        elif name in parts:
            _write_rows(changed, parts[name], content[name], getattr(message, name))
        else:
            changed[name] = "" if content[name] is None else str(content[name])
    return changed


def _write_rows(fields, part, rows, stored):
    """Let the posted rows of `part` be `rows`, over the keys of the `stored` ones; those left over are deleted."""
    for name in [name for name in fields if name.startswith(f"{part.name}-") and name.count("-") > 1]:
        del fields[name]
    keys = list(stored.values_list("pk", flat=True))
    left_over = [dict(row) for row in stored.values(*part.fields)][len(rows) :]
    for number, row in enumerate([*rows, *left_over]):
        prefix = f"{part.name}-{number}"
        for name in part.fields:
            value = row.get(name)
            if value is not False:
                fields[f"{prefix}-{name}"] = "on" if value is True else "" if value is None else str(value)
        fields[f"{prefix}-place"] = str(number + 1) if number < len(keys) else ""
        if number < len(keys):
            fields[f"{prefix}-id"] = str(keys[number])
        if number >= len(rows):
            fields[f"{prefix}-DELETE"] = "on"
    fields[f"{part.name}-TOTAL_FORMS"] = str(max(len(rows), len(keys)))
    fields[f"{part.name}-INITIAL_FORMS"] = str(len(keys))


def _texts(part):
    """The columns that say something: not those that only say yes or no, or how much."""
    return [
        name for name in part.fields if not isinstance(part.model._meta.get_field(name), (BooleanField, IntegerField))
    ]


def _holds(fields, part):
    """Whether the form has the part, and in each row the key of what the row is about."""
    if isinstance(part, Chosen):
        return part.name in fields
    keys = [name for name in part.fields if isinstance(part.model._meta.get_field(name), ForeignKey)]
    return f"{part.name}-TOTAL_FORMS" in fields and all(
        f"{part.name}-{number}-{name}" in fields
        for number in range(_number(fields[f"{part.name}-TOTAL_FORMS"]))
        for name in keys
    )


def _column(part, fields, number, name):
    """What one column of a row says. A box that is not ticked is not posted."""
    column, posted = part.model._meta.get_field(name), f"{part.name}-{number}-{name}"
    if isinstance(column, BooleanField):
        return posted in fields
    if isinstance(column, IntegerField):
        return _number(fields.get(posted))
    return _value(name, fields.get(posted, ""))


def _value(name, text):
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if name == "signed_on":
        return text or None
    cleaner = CLEANERS.get(name)
    return str(cleaner(text)) if cleaner else text.strip()


def _place(part, fields, number, is_stored):
    wanted = fields.get(f"{part.name}-{number}-place", "")
    before = number + 1 if is_stored else None
    if not wanted.isdecimal() or len(wanted) > 9:
        return (before or float("inf"), 0)
    wanted = int(wanted)
    return (wanted, -1) if before is None else (wanted, (wanted > before) - (wanted < before))


def _key(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _number(text):
    return min(int(text), 1000) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 0
