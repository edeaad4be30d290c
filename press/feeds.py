"""The newest messages as feeds; every address in them is absolute and begins with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from embassy.chain import Act
from embassy.page_cache.memo import once_for_ever
from press import feed_formats, full_text, reading
from press.models import Edition
from press.shown_files import FALLBACK, give_files, shown_files
from press.topics import known_topic, newest_about, topics_of, was_about, with_topics

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
    page = reverse("press:kind", args=[kind]) if kind else reverse("press:list")
    newest = reading.newest_whole(get_language(), kind, NEWEST)(at=request.at)
    taken_back = reading.taken_back(get_language(), kind, NEWEST)(at=request.at) if form == "atom" else []
    return _answer(request, form, page, kind and kind.plural, newest, taken_back)


@conditional_page
@require_safe
def topic_feed(request, form, slug):
    """The newest messages about one topic, likewise. Raises Http404: no topic that readers know."""
    topic = known_topic(slug, request.at)
    newest = with_topics(newest_about(topic, get_language(), request.at, NEWEST).whole())
    ended = Edition.objects.filter(was_about(topic, request.at), language=get_language())
    taken_back = ended.taken_back(request.at)[:NEWEST] if form == "atom" else []
    return _answer(request, form, topic.get_absolute_url(), topic.name, newest, taken_back)


def _answer(request, form, page, name, newest, taken_back):
    """The feed of the editions `newest`, whose page has the path `page`; `name` is theirs, or None.

    Atom tells also which editions took a text back.
    """
    write, content_type = FORMATS[form]
    mission = settings.MISSION_NAME[get_language()]
    channel = feed_formats.Channel(
        title=f"{mission}: {name}" if name else mission,
        author=mission,
        language=get_language(),
        page=settings.SITE_URL + page,
        address=settings.SITE_URL + request.path,
        entries=_entries(request, newest),
        tombstones=[_tombstone(each) for each in taken_back],
    )
    return HttpResponse(write(channel), content_type=content_type)


def _entries(request, newest):
    """What they carry takes a query where they carry pictures or documents."""
    editions = list(newest)
    give_files(editions)
    return [_entry(request, edition) for edition in editions]


def _entry(request, edition):
    lead = shown_files(edition).lead
    return feed_formats.Entry(
        id=tag_uri(edition),
        url=settings.SITE_URL + edition.get_absolute_url(),
        title=edition.title,
        summary=edition.teaser,
        html=once_for_ever(request, ("feed", edition.pk), lambda: full_text.as_html(edition)),
        published=edition.published_at,
        updated=edition.updated_at,
        categories=(str(edition.get_kind_display()), *(topic.name for topic in topics_of(edition))),
        image=lead and _image(lead),
        authors=tuple(side["on_behalf_of"] for side in edition.signatories if side["on_behalf_of"]),
    )


def _image(lead):
    address = settings.SITE_URL + lead.src
    return feed_formats.Image(address, FALLBACK, lead.src_size, lead.src_width, lead.src_height, lead.file.alt)


def _tombstone(edition):
    """A message that was taken back, so that readers' programs take it back, too (RFC 6721)."""
    # Why a message was published in error is nobody's business.
    note = edition.note if edition.act == Act.WITHDRAW else ""
    return feed_formats.Tombstone(tag_uri(edition), edition.live_from, note)
