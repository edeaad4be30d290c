"""Search: what readers look for among live editions, best first (docs/decisions/search.md).

The database finds, with the words of the edition's language (press_edition.search, migration
0009), and tells how well each of the newest matches fits; here age is weighed in.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Left

from press.extracts import START, STOP
from press.models.edition import Edition
from press.models.search import QUERY_LENGTH
from press.plain_text import one_line

CONFIGURATIONS = {"en": "english", "ru": "russian"}
# Only so many matches, the newest, are ranked: the cost of a search must not grow with the archive.
MOST = 1000
# Of messages that hold the words of a phrase, or words of which some are excluded, so many are looked into.
LOOKED_INTO = 3000
# Words that stand in so large a part of all messages are found faster by going through the newest ones.
FREQUENT = 0.2
# What a word weighs in the place and date of signing, the text, the teaser and questions, the title.
WEIGHTS = [0.1, 0.3, 0.6, 1.0]
# Divide by 1 + the logarithm of the length: a long text has every word somewhere.
NORMALIZATION = 1
# A message of today counts twice as much as a very old one that fits as well; this halves the difference.
HALF_LIFE = timedelta(days=365)
# Of a text as long as a book, its beginning is shown.
SHOWN_TEXT = 20_000

# The query as the database understands it, what of it an index can answer, and how frequent its words are
# together, as far as the statistics know.
PARSE = """
WITH asked AS (SELECT websearch_to_tsquery(%s::regconfig, press_fold(%s)) AS query),
word AS (SELECT word[1] AS word FROM asked, regexp_matches(querytree(query), $$'([^']+)'$$, 'g') AS word),
common AS (
    SELECT each.word, each.part
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS each (word, part)
    WHERE schemaname = current_schema AND tablename = 'press_edition' AND attname = 'search'
)
SELECT query::text, querytree(query), (
    SELECT coalesce(exp(sum(ln(greatest(coalesce(part, 0), 1e-9)))), 0) FROM word LEFT JOIN common USING (word)
) FROM asked
"""
# The planner takes looking into a long vector for as cheap as comparing two numbers. Left to itself it goes through
# the whole archive, newest first, for words that are in every hundredth message.
BY_THE_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; "
# Of each candidate: its key, what is ranked, and its place in lists.
RANKED_BY = ("pk", "search", "published_at", "message_id")
# The candidates are chosen first; only then their long vectors are looked into. Their number is told in any case.
RANKED = """
WITH asked AS (SELECT %s::tsquery AS query),
candidate (id, search, published_at, message_id) AS MATERIALIZED ({candidates}),
newest AS (SELECT * FROM candidate ORDER BY published_at DESC, message_id DESC LIMIT %s),
ranked AS (
    SELECT id, ts_rank(%s::float4[], search, query, %s) AS rank, published_at, message_id
    FROM newest, asked {condition} ORDER BY published_at DESC, message_id DESC LIMIT %s
)
SELECT id, rank, published_at, number
FROM (SELECT count(*) AS number FROM candidate) counted LEFT JOIN ranked ON true
ORDER BY published_at DESC, message_id DESC
"""
POSITIONS = re.compile(r"<(?:-|\d+)>")


class Fold(Func):
    """Words as they are searched (press_fold, migration 0009)."""

    function = "press_fold"
    output_field = TextField()


class Parsed(SearchQuery):
    """A query that the database has understood already, in its own syntax."""

    def as_sql(self, compiler, connection, function=None, template=None):
        """The text as it is; the query's configuration is for ts_headline."""
        return "%s::tsquery", [self.text]

    @classmethod
    def of(cls, text, language):
        """The query `text` for messages in `language`."""
        query = cls(Value(text), config=CONFIGURATIONS[language])
        query.text = text
        return query


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: in the database's syntax, and in which part (0 to 1) of all messages it may be."""

    query: str
    # Without what no index answers: exclusions, and where words stand.
    indexed: str
    part: float

    @classmethod
    def of(cls, text, language):
        """`text` in the web's syntax: words, "phrases", -without, or."""
        with connection.cursor() as cursor:
            cursor.execute(PARSE, [CONFIGURATIONS[language], text])
            query, tree, part = cursor.fetchone()
        # T: nothing but exclusions, which is nothing to look for.
        indexed = "" if tree == "T" else POSITIONS.sub("&", tree)
        return cls(query if indexed else "", indexed, part if "|" not in tree else 0)

    @property
    def is_plain(self):
        """Whether the index knows all about it."""
        return self.query == self.indexed

    def loosened(self):
        """The same words, of which any is enough; None where that makes no sense: one word, or one is excluded."""
        if " & " not in self.query or "!" in self.query:
            return None
        loose = self.query.replace(" & ", " | ")
        return Asked(loose, POSITIONS.sub("&", loose), 0)


def readable_query(text):
    """What a reader typed, on one line, without what the database could not take, and not too long."""
    # Half of a surrogate pair is no character; NUL is none that PostgreSQL holds.
    return one_line(text.encode(errors="ignore").decode().replace("\0", ""))[:QUERY_LENGTH].strip()


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
    asked = Asked.of(text, language)
    matches, is_cut = _newest(readable, asked, language)
    loose = None if matches else asked.loosened()
    if loose:
        asked = loose
        matches, is_cut = _newest(readable, asked, language)
    ranked = sorted(matches, key=lambda match: (score(match[1], at - match[2]), match[2], match[0]), reverse=True)
    keys = [key for key, *_ in ranked]
    return Found(keys, Parsed.of(asked.query, language), is_cut, bool(loose and keys))


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


def _newest(readable, asked, language):
    """The newest editions that match: (key, relevance, reader's moment), and whether there are more."""
    if not asked.query:
        return [], False
    most = MOST if asked.is_plain else LOOKED_INTO
    candidates = readable.filter(search=Parsed.of(asked.indexed, language)).newest_first().values_list(*RANKED_BY)
    sql, params = candidates[: most + 1].query.sql_with_params()
    ranked = RANKED.format(candidates=sql, condition="" if asked.is_plain else "WHERE search @@ query")
    values = [asked.query, *params, most, WEIGHTS, NORMALIZATION, MOST + 1]
    with connection.cursor() as cursor:
        cursor.execute(ranked if asked.part > FREQUENT else BY_THE_INDEX + ranked, values)
        rows = cursor.fetchall()
    found = [row[:3] for row in rows if row[0] is not None]
    return found[:MOST], rows[0][-1] > most or len(found) > MOST


def _marked(words, query):
    return SearchHeadline(Fold(words), query, config=query.config, start_sel=START, stop_sel=STOP, highlight_all=True)
