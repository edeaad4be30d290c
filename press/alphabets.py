"""In which alphabet a text is written."""

import re

# By the languages of the site.
ALPHABETS = {"en": re.compile("[A-Za-zÀ-ɏ]"), "ru": re.compile("[А-Яа-яЁё]")}


def share_of_others(words, code):
    """How many of the letters are not of the alphabet of language `code` (0 to 1), and how many letters there are."""
    counts = {known: len(letters.findall(words)) for known, letters in ALPHABETS.items()}
    total = sum(counts.values())
    return (1 - counts.get(code, total) / total if total else 0), total
