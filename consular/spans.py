"""Spans of a day as officers write them: 10:00–13:00, 14:00–16:00."""

import re
from datetime import time
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")


class NotSpans(ValueError):  # noqa: N818 — it says what the text is
    """A text that does not name spans of a day; the argument is a sentence for the officer."""


def parse_spans(text):
    """The spans that `text` names, as pairs of times; none where it is empty. Raises NotSpans."""
    return _in_order([_span(part.strip()) for part in re.split(r"[,;]", text) if part.strip()])


def _span(part):
    found = SPAN.fullmatch(part)
    if not found:
        raise NotSpans(_("Write hours as 10:00–13:00, and a comma between two spans."))
    numbers = [int(number) for number in found.groups()]
    try:
        opens, closes = time(*numbers[:2]), time(*numbers[2:])
    except ValueError as error:
        raise NotSpans(_("There is no such time. Write hours as 10:00–13:00.")) from error
    if closes <= opens:
        raise NotSpans(_("An office closes after it opens, on the same day."))
    return opens, closes


def _in_order(spans):
    spans = sorted(spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise NotSpans(_("These hours overlap."))
    return spans
