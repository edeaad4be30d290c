"""The house style that stands beside the form: the project's own, or the office's (the setting HOUSE_STYLE)."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from press import richtext


def house_style():
    """It as HTML, in the active language.

    The office's own is a file of HTML or plain paragraphs; it is cleaned like every text. Raises
    OSError where the file cannot be read; press.E005 looks at that when the server starts.
    """
    language = get_language()
    if path := settings.HOUSE_STYLE[language]:
        return mark_safe(richtext.clean(Path(path).read_text(encoding="utf-8")))  # noqa: S308 — it is cleaned
    return render_to_string(f"admin/press/house_style.{language}.html")
