"""Two officers wrote at once: what each changed since the version that one of them had opened."""

from embassy.two_texts import Clash
from press.content import as_data, content_of
from press.difference import differences
from press.posted import as_querydict, content_of_form, with_values


def clashes_of(row, message):
    """Where the unsaved text of `row` (press.models.Unsaved) and what `message` says now differ."""
    mine = content_of_form(as_querydict(row.fields), row.kind)
    theirs = as_data(content_of(message))
    opened = message.versions.filter(number=row.opened_version).first()
    # Without the version that was opened nobody can tell who changed what.
    base = opened.content if opened else {}
    return [
        Clash(
            difference,
            mine_changed=bool(_changed(base, mine, difference.name)),
            theirs_changed=bool(_changed(base, theirs, difference.name)),
        )
        for difference in differences(theirs, mine)
    ]


def merge(row, message, theirs):
    """The fields of `row` as a form on top of what `message` says now, with the saved text in the fields `theirs`.

    What nobody disputes fits the form too: each part is written over the rows that are stored now.
    """
    fields = as_querydict(row.fields)
    mine, saved = content_of_form(fields, row.kind), as_data(content_of(message))
    merged = {name: saved[name] if name in theirs else value for name, value in mine.items() if name != "kind"}
    fields = with_values(fields, merged, merged, message)
    fields["opened_version"] = str(message.version)
    return fields


def _changed(base, content, name):
    if name not in base:
        return True
    return differences({name: base[name]}, {name: content[name]})
