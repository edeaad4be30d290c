"""Slugs: the readable last part of an address."""

from unicodedata import normalize

from slugify import slugify

from press.models.message import Kind

SLUG_LENGTH = 80

# As Russian names are written in English texts (BGN/PCGN without apostrophes); the library's own
# table follows passports and makes "iiunia" of «июня».
RUSSIAN = [("ё", "yo"), ("й", "y"), ("ю", "yu"), ("я", "ya"), ("ъ", ""), ("ь", "")]
REPLACEMENTS = RUSSIAN + [(cyrillic.upper(), latin) for cyrillic, latin in RUSSIAN]


def slug_of(title, kind):
    """The slug for a title, transliterated to ASCII, cut at a word; the kind's name where nothing is left."""
    # Some keyboards write «й» as «и» and a breve.
    title = normalize("NFC", title)
    slug = slugify(title, max_length=SLUG_LENGTH, word_boundary=True, replacements=REPLACEMENTS)
    # A single word longer than the limit is cut to nothing at a word boundary.
    return slug or slugify(title, max_length=SLUG_LENGTH, replacements=REPLACEMENTS) or Kind(kind).value


def numbered(slug):
    """The slug, then slug-2, slug-3 …: identical titles on one day are daily life here."""
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1
