"""What readers look for, counted: which words, on which day, how often, and nothing of who."""

import logging
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Max, OuterRef, Sum
from django.http import HttpResponse

from press.models.search import QUERY_LENGTH, SearchCount
from press.plain_text import one_line

logger = logging.getLogger(__name__)

# Telephone, passport and order numbers are somebody's; years and house numbers are not.
MOST_DIGITS = 4
# So many different queries a day and no more: nobody fills the disk by searching.
MOST_A_DAY = 2000
KEPT = timedelta(days=366)
UPSERT = """
INSERT INTO press_searchcount (day, language, query, count, found_nothing)
SELECT %(day)s, %(language)s, %(query)s, 1, %(found_nothing)s
WHERE (SELECT count(*) FROM press_searchcount WHERE day = %(day)s) < %(most)s
   OR EXISTS (SELECT FROM press_searchcount WHERE day = %(day)s AND language = %(language)s AND query = %(query)s)
ON CONFLICT (day, language, query)
DO UPDATE SET count = press_searchcount.count + 1, found_nothing = EXCLUDED.found_nothing
RETURNING count
"""


class CountingResponse(HttpResponse):
    """An answer that runs `afterwards()` once it has been sent: the reader does not wait for it."""

    afterwards = None

    def close(self):
        """End the answer; WSGI servers call it when the last byte is out."""
        afterwards, self.afterwards = self.afterwards, None
        try:
            if afterwards:
                afterwards()
        finally:
            super().close()


def counted_query(text):
    """`text` as it is counted, small letters on one line; "" for what may be somebody's address or number."""
    if "@" in text or sum(character.isdigit() for character in text) > MOST_DIGITS:
        return ""
    return one_line(text.casefold())[:QUERY_LENGTH].strip()


def count_search(text, language, day, found_nothing):
    """Count one search for `text` on the host city's `day`. A database that cannot take it is not an error."""
    query = counted_query(text)
    if not query:
        return
    values = {"day": day, "language": language, "query": query, "found_nothing": found_nothing, "most": MOST_A_DAY}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # It need not survive a crash, and nobody should wait for the disk.
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute(UPSERT, values)
            if cursor.fetchone() == (1,):
                SearchCount.objects.filter(day__lt=day - KEPT).delete()
    except DatabaseError:
        logger.warning("A search was not counted.", exc_info=True)


def most_wanted(since, most=50):
    """The queries counted from the day `since` on, the most frequent first: dicts of query, language, times, last."""
    return list(_summed(SearchCount.objects.filter(day__gte=since))[:most])


def not_found(since, most=50):
    """Those of them that found nothing when they were last asked."""
    later = SearchCount.objects.filter(language=OuterRef("language"), query=OuterRef("query"), found_nothing=False)
    counts = SearchCount.objects.filter(day__gte=since, found_nothing=True)
    return list(_summed(counts.exclude(Exists(later.filter(day__gte=OuterRef("day")))))[:most])


def _summed(counts):
    summed = counts.values("language", "query").annotate(times=Sum("count"), last=Max("day"))
    return summed.order_by("-times", "-last", "query", "language")
