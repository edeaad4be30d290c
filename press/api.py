"""The read-only interface for programs (docs/api.md): live messages as JSON, field names for ever."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from django.conf import settings
from django.db.models import Q
from django.http import JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.timezone import localtime

from embassy.page_cache.conditional import conditional
from press.feeds import tag_uri
from press.full_text import as_html
from press.models import Edition, Kind, topic
from press.models.edition import ONE_DAY
from press.topics import rows_of, topics_of, with_topics
from press.translations import translations_of, with_translations

USUAL, MOST = 20, 100
# The database has no higher number.
HIGHEST = 2**63 - 1
PARAMETERS = frozenset({"kind", "topic", "language", "year", "limit", "cursor"})
CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)~(\d{1,18})", re.ASCII)
SLUG = re.compile(topic.SLUG)
NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)


class Faulty(Exception):  # noqa: N818 — it is answered, not raised to anybody
    """A request that makes no sense: `code` for programs, the argument for people."""

    def __init__(self, code, words):
        super().__init__(words)
        self.code = code


@conditional
def messages(request):
    """The live messages, newest first, a page at a time."""
    if refusal := _refused_method(request):
        return refusal
    try:
        asked = _parameters(request.GET)
        found, limit = _found(asked, request.at)
    except Faulty as fault:
        return error(400, fault.code, str(fault))
    page = found[:limit]
    following = {**asked, "cursor": cursor_of(page[-1])} if len(found) > limit else None
    return _json(
        {
            "messages": [summary(edition) for edition in page],
            "next": following and f"{settings.SITE_URL}{reverse('api_messages')}?{urlencode(following)}",
        }
    )


@conditional
def message(request, number):
    """One live message, whole; 410 where it was taken back, 404 where there is none."""
    if refusal := _refused_method(request):
        return refusal
    if request.GET:
        return error(400, "unknown-parameter", "This address takes no parameters.")
    edition = None
    if number <= HIGHEST:
        standing = with_translations(with_topics(Edition.objects.standing(request.at).whole()), request.at)
        edition = standing.filter(message=number).first()
    if edition is None:
        return error(404, "not-found", "There is no such message.")
    if not edition.has_text:
        return error(410, "gone", "This message is no longer published.")
    return _json(whole(edition))


def unknown(request, rest):
    """For every other address below the interface's: JSON here, too."""
    return error(404, "not-found", "There is no such address in this interface.")


def summary(edition):
    """What a list tells of `edition`."""
    return {
        "id": edition.message_id,
        "uri": tag_uri(edition),
        "url": settings.SITE_URL + edition.get_absolute_url(),
        "api_url": settings.SITE_URL + reverse("api_message", args=[edition.message_id]),
        "kind": edition.kind,
        "language": edition.language,
        "title": edition.title,
        "teaser": edition.teaser,
        "topics": _topics(edition),
        "translations": [
            {
                "id": each.message_id,
                "language": each.language,
                "url": settings.SITE_URL + each.url,
                "api_url": settings.SITE_URL + reverse("api_message", args=[each.message_id]),
            }
            for each in translations_of(edition)
        ],
        "published_at": _moment(edition.published_at),
        "updated_at": _moment(edition.updated_at),
        "edition": edition.number,
        "sha256": edition.sha256,
    }


def whole(edition):
    """All of `edition`."""
    with translation.override(edition.language):
        content = as_html(edition)
    return summary(edition) | {
        "content_html": content,
        "signed_in": edition.signed_in,
        "signed_on": edition.signed_on,
        "signatories": [
            {name: side.get(name, "") for name in ("on_behalf_of", "name", "office")} for side in edition.signatories
        ],
        "questions": [{"question_html": each["question"], "answer_html": each["answer"]} for each in edition.exchanges],
    }


def _topics(edition):
    with translation.override(edition.language):
        return [
            {"slug": topic.slug, "name": topic.name, "url": settings.SITE_URL + topic.url}
            for topic in topics_of(edition)
        ]


def cursor_of(edition):
    """Where the list goes on after `edition`: a place in the archive, which stays what it is."""
    moment = edition.published_at.isoformat().replace("+00:00", "Z")
    return f"{moment}~{edition.message_id}"


def error(status, code, words):
    """An answer that is none, as JSON."""
    return _json({"error": {"status": status, "code": code, "message": words}}, status)


def _json(content, status=200):
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _moment(moment):
    return localtime(moment).isoformat(timespec="seconds")


def _refused_method(request):
    if request.method in {"GET", "HEAD"}:
        return None
    response = error(405, "read-only", "This interface can only be read: GET and HEAD.")
    response.headers["Allow"] = "GET, HEAD"
    return response


def _parameters(given):
    """The parameters as a dict. Raises Faulty: an unknown one, or one given twice."""
    if unknown := sorted(given.keys() - PARAMETERS):
        # Not its name: what was sent is not sent back.
        raise Faulty("unknown-parameter", f"{len(unknown)} unknown. Known are: {', '.join(sorted(PARAMETERS))}.")
    if any(len(values) > 1 for _name, values in given.lists()):
        raise Faulty("repeated-parameter", "Give each parameter once.")
    return given.dict()


def _found(asked, at):
    """The editions asked for, in order, one more than the page's length, and that length. Raises Faulty."""
    limit = _number(asked["limit"], MOST, "limit") if "limit" in asked else USUAL
    languages = [code for code, _name in settings.LANGUAGES]
    if "language" in asked:
        languages = [_one_of(asked["language"], languages, "language")]
    rows, prefix, key = Edition.objects.live(at).newest_first(), "", "pk"
    if "topic" in asked:
        rows, prefix, key = rows_of(_topic(asked["topic"]), at), "edition__", "edition"
    if "kind" in asked:
        rows = rows.filter(**{f"{prefix}kind": _one_of(asked["kind"], Kind.values, "kind")})
    if "year" in asked:
        year = _number(asked["year"], 9999, "year")
        rows = _around(year, rows).filter(**{f"{prefix}published_on__year": year})
    if "cursor" in asked:
        rows = _after(rows, asked["cursor"])
    # One language after the other, each in the order of its index; together they would be sorted whole.
    keys = [rows.filter(language=language).values(key)[: limit + 1] for language in languages]
    editions = with_translations(with_topics(Edition.objects.live(at).for_list()), at)
    found = [edition for own in keys for edition in editions.filter(pk__in=own)]
    found.sort(key=lambda edition: (edition.published_at, edition.message_id), reverse=True)
    return found[: limit + 1], limit


def _around(year, rows):
    """Those of `rows` whose moment may lie in the reader's `year`: what an index in the order of lists can skip to."""
    if not MINYEAR < year < MAXYEAR:
        return rows
    begin, end = datetime(year, 1, 1, tzinfo=UTC) - ONE_DAY, datetime(year + 1, 1, 1, tzinfo=UTC) + ONE_DAY
    return rows.filter(published_at__gte=begin, published_at__lt=end)


def _topic(slug):
    if not SLUG.fullmatch(slug):
        raise Faulty("bad-topic", "topic must be the last part of a topic's address.")
    return slug


def _one_of(value, values, name):
    if value not in values:
        raise Faulty(f"bad-{name}", f"{name} must be one of: {', '.join(values)}.")
    return value


def _number(text, most, name):
    if not NUMBER.fullmatch(text) or int(text) > most:
        raise Faulty(f"bad-{name}", f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _after(editions, cursor):
    """Those of `editions` that come after the place `cursor`. Raises Faulty."""
    match = CURSOR.fullmatch(cursor)
    try:
        moment = datetime.fromisoformat(match[1])
    except (TypeError, ValueError) as fault:
        raise Faulty("bad-cursor", "cursor must be taken from a page's `next`.") from fault
    tie = Q(published_at=moment, message_id__gte=int(match[2]))
    return editions.filter(published_at__lte=moment).exclude(tie)
