"""Search: what readers look for among live editions, best first (docs/decisions/search.md).

The database finds, with the words of the edition's language (press_edition.search, migration
0009), and tells how well each of the newest matches fits; here age is weighed in.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Left

from press.extracts import START, STOP
from press.models.edition import Edition
from press.models.search import QUERY_LENGTH
from press.plain_text import one_line

CONFIGURATIONS = {"en": "english", "ru": "russian"}
# Only so many matches, the newest, are ranked: the cost of a search must not grow with the archive.
MOST = 1000
# What a word weighs in the place and date of signing, the text, the teaser and questions, the title.
WEIGHTS = [0.1, 0.3, 0.6, 1.0]
# Divide by 1 + the logarithm of the length: a long text has every word somewhere.
NORMALIZATION = 1
# A message of today counts twice as much as a very old one that fits as well; this halves the difference.
HALF_LIFE = timedelta(days=365)
# Of a text as long as a book, its beginning is shown.
SHOWN_TEXT = 20_000


class Fold(Func):
    """Words as they are searched (press_fold, migration 0009)."""

    function = "press_fold"
    output_field = TextField()


def readable_query(text):
    """What a reader typed, on one line, without what the database could not take, and not too long."""
    # Half of a surrogate pair is no character; NUL is none that PostgreSQL holds.
    return one_line(text.encode(errors="ignore").decode().replace("\0", ""))[:QUERY_LENGTH].strip()


def full_text_query(text, language):
    """`text` in the web's syntax (words, "phrases", -without, or) as a query of the database."""
    return SearchQuery(Fold(Value(text)), config=CONFIGURATIONS.get(language, "simple"), search_type="websearch")


class AnyWord(SearchQuery):
    """The same words, of which any is enough."""

    def as_sql(self, compiler, connection, function=None, template=None):
        """The query with its `and` turned into `or`; what it excludes is still excluded."""
        sql, params = super().as_sql(compiler, connection, function, template)
        return f"replace({sql}::text, ' & ', ' | ')::tsquery", params


@dataclass(frozen=True)
class Found:
    """The keys of the matching editions, best first, and how they were found."""

    keys: list
    query: SearchQuery
    # There were more matches than are ranked.
    is_cut: bool = False
    # No message has all the words; these have some of them.
    has_some_words: bool = False


def find(readable, text, language, at):
    """The best of the editions `readable` for the words `text`, as Found; `at` is the reader's aware moment."""
    query = full_text_query(text, language)
    matches = _newest(readable, query)
    some = not matches and _may_be_loosened(text)
    if some:
        query = AnyWord(Fold(Value(text)), config=CONFIGURATIONS.get(language, "simple"), search_type="websearch")
        matches = _newest(readable, query)
    ranked = sorted(
        matches[:MOST], key=lambda match: (score(match[1], at - match[2]), match[2], match[0]), reverse=True
    )
    return Found([key for key, *_ in ranked], query, len(matches) > MOST, some and bool(matches))


def score(relevance, age):
    """How far up a match belongs: its relevance, up to twice as much while it is new."""
    return relevance * (1 + 0.5 ** (age / HALF_LIFE))


def with_hits(keys, found):
    """The editions of `keys`, in their order, with their title and text, and both with the hits between marks.

    `plain_text` and the two `marked_…` are folded and cut alike (press.extracts tells them apart again).
    """
    text = Left(
        Concat(
            Func("body", function="press_plain"),
            Value(" "),
            Func("details", function="press_questions"),
            Value(" "),
            Func("details", function="press_answers"),
            Value(" "),
            Func("details", function="press_signatories"),
            output_field=TextField(),
        ),
        SHOWN_TEXT,
    )
    editions = (
        Edition.objects.filter(pk__in=keys)
        .for_list()
        .annotate(
            plain_text=text,
            marked_text=_marked(text, found.query),
            marked_title=_marked(F("title"), found.query),
            marked_teaser=_marked(F("teaser"), found.query),
        )
    )
    by_key = {edition.pk: edition for edition in editions}
    return [by_key[key] for key in keys]


def _newest(readable, query):
    """The newest editions that match: (key, relevance, reader's moment), one more than are ranked."""
    rank = SearchRank(F("search"), query, weights=WEIGHTS, normalization=NORMALIZATION)
    found = readable.filter(search=query).newest_first()
    return list(found.annotate(rank=rank).values_list("pk", "rank", "published_at")[: MOST + 1])


def _may_be_loosened(text):
    """Whether it makes sense to look for some of the words: there are several, and none is excluded."""
    return " " in text and not any(word.startswith("-") for word in text.split())


def _marked(words, query):
    return SearchHeadline(Fold(words), query, config=query.config, start_sel=START, stop_sel=STOP, highlight_all=True)
