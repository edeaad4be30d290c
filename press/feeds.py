"""The newest messages as feeds; every address in them is absolute and begins with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from embassy.chain import ACTS_WITH_TEXT, Act
from press import feed_formats, full_text
from press.models import Edition

NEWEST = 20
FORMATS = {
    "atom": (feed_formats.atom, "application/atom+xml; charset=utf-8"),
    "rss": (feed_formats.rss, "application/rss+xml; charset=utf-8"),
    "json": (feed_formats.json_feed, "application/feed+json"),
}


def tag_uri(edition):
    """The message's identifier for ever (RFC 4151): it survives corrections and a change of domain."""
    authority = settings.TAG_AUTHORITY or f"{urlsplit(settings.SITE_URL).hostname},2026"
    return f"tag:{authority}:message/{edition.message_id}"


@conditional_page
@require_safe
def feed(request, form, kind=None):
    """The newest messages of a language, of all kinds or of one, in one of FORMATS."""
    write, content_type = FORMATS[form]
    page = reverse("press:kind", args=[kind]) if kind else reverse("press:list")
    channel = channel_of(request, page, kind and kind.plural, {"kind": kind} if kind else {}, form == "atom")
    return HttpResponse(write(channel), content_type=content_type)


def channel_of(request, page, name, filters, with_tombstones):
    """The feed of the messages that `filters` pick, whose page has the path `page`; `name` is theirs, or None."""
    mission = settings.MISSION_NAME[get_language()]
    editions = Edition.objects.filter(language=get_language(), **filters)
    return feed_formats.Channel(
        title=f"{mission}: {name}" if name else mission,
        author=mission,
        language=get_language(),
        page=settings.SITE_URL + page,
        address=settings.SITE_URL + request.path,
        entries=[_entry(each) for each in editions.live(request.at).newest_first().whole()[:NEWEST]],
        tombstones=_tombstones(editions, request.at) if with_tombstones else [],
    )


def _entry(edition):
    return feed_formats.Entry(
        id=tag_uri(edition),
        url=settings.SITE_URL + edition.get_absolute_url(),
        title=edition.title,
        summary=edition.teaser,
        html=full_text.as_html(edition),
        published=edition.published_at,
        updated=edition.updated_at,
        categories=(str(edition.get_kind_display()),),
        authors=tuple(side["on_behalf_of"] for side in edition.signatories if side["on_behalf_of"]),
    )


def _tombstones(editions, at):
    """The messages taken back last, so that readers' programs take them back too (RFC 6721)."""
    ended = editions.standing(at).exclude(act__in=ACTS_WITH_TEXT).order_by("-live_from", "-message_id")
    return [
        # Why a message was published in error is nobody's business.
        feed_formats.Tombstone(tag_uri(each), each.live_from, each.note if each.act == Act.WITHDRAW else "")
        for each in ended.only("message_id", "live_from", "act", "note")[:NEWEST]
    ]
