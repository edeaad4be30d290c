"""What a page says to machines, as a part of it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import mark_safe

# What would end the element or begin another, as JSON writes it.
ESCAPES = {character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}

written = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_ld(data):
    """`data` as a block of JSON-LD: data for machines, which no browser runs."""
    text = written(data)
    # One after the other: str.translate would look every character up.
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 — escaped above
