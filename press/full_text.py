"""A whole edition as HTML of its own, for those who read it elsewhere: feeds and the API."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from press.exporting import BLOCK_ID
from press.shown_files import shown_files


def as_html(edition):
    """All that `edition` says and carries: pictures, text, questions, signing, signatories, documents.

    Without the paragraphs' ids: on somebody else's page they would meet those of other messages; for the same
    reason every address is a full one.
    """
    files = shown_files(edition)
    parts = [_picture(files.lead)] if files.lead else []
    parts.append(_clean(edition.body))
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
    parts += [_picture(picture) for picture in files.pictures]
    if files.attachments:
        documents = ((settings.SITE_URL + each.url, each.file.title, each.kind) for each in files.attachments)
        listed = format_html_join("", '<li><a href="{}">{}</a> ({})</li>', documents)
        parts.append(format_html("<ul>{}</ul>", listed))
    return mark_safe("".join(parts))  # noqa: S308 — stored texts are clean, all else is escaped above


def _picture(shown):
    file = shown.file
    words = " ".join(filter(None, [file.caption, f"({file.credit})" if file.credit else ""]))
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}">{}</figure>',
        settings.SITE_URL + shown.src,
        shown.src_width,
        shown.src_height,
        file.alt,
        format_html("<figcaption>{}</figcaption>", words) if words else "",
    )


def _side(side):
    return ", ".join(side[name] for name in ("on_behalf_of", "name", "office") if side.get(name))


def _clean(text):
    # Cleaned when it was stored.
    return mark_safe(BLOCK_ID.sub(r"\1", text))  # noqa: S308
