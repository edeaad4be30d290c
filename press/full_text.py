"""A whole edition as HTML of its own, for those who read it elsewhere: feeds and the API."""

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from press.exporting import BLOCK_ID


def as_html(edition):
    """All that `edition` says: text, questions with answers, place and date of signing, signatories.

    Without the paragraphs' ids: on somebody else's page they would meet those of other messages.
    """
    parts = [_clean(edition.body)]
    parts += [
        format_html("<h2>{}</h2>{}", _clean(exchange["question"]), _clean(exchange["answer"]))
        for exchange in edition.exchanges
    ]
    signed = [edition.signed_in, date_format(edition.signed_on, "j E Y") if edition.signed_on else ""]
    if any(signed):
        parts.append(format_html("<p>{}</p>", ", ".join(filter(None, signed))))
    if edition.signatories:
        sides = format_html_join("", "<li>{}</li>", ((_side(side),) for side in edition.signatories))
        parts.append(format_html("<ul>{}</ul>", sides))
    return mark_safe("".join(parts))  # noqa: S308 — stored texts are clean, all else is escaped above


def _side(side):
    return ", ".join(side[name] for name in ("on_behalf_of", "name", "office") if side.get(name))


def _clean(text):
    # Cleaned when it was stored.
    return mark_safe(BLOCK_ID.sub(r"\1", text))  # noqa: S308
