"""The newest messages as feeds; every address in them is absolute and begins with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from embassy.chain import Act
from embassy.page_cache.conditional import conditional
from embassy.page_cache.memo import each_for_ever, once
from press import feed_formats, full_text, reading
from press.feed_formats import FORMATS, NEVER
from press.models import Edition
from press.rows import Whole
from press.shown_files import FALLBACK, shown_files
from press.topics import known_topic, newest_about, topics_of, was_about

NEWEST = 20


def tag_uri(edition):
    """The message's identifier for ever (RFC 4151): it survives corrections and a change of domain."""
    authority = settings.TAG_AUTHORITY or f"{urlsplit(settings.SITE_URL).hostname},2026"
    return f"tag:{authority}:message/{edition.message_id}"


@conditional
@require_safe
def feed(request, form, kind=None):
    """The newest messages of a language, of all kinds or of one, in one of FORMATS."""
    page = reverse("press:kind", args=[kind]) if kind else reverse("press:list")
    newest = reading.newest_updated(get_language(), kind, NEWEST)(at=request.at)
    taken_back = reading.taken_back(get_language(), kind, NEWEST)(at=request.at) if form == "atom" else []
    return _answer(request, form, page, kind and kind.plural, newest, taken_back)


@conditional
@require_safe
def topic_feed(request, form, slug):
    """The newest messages about one topic, likewise. Raises Http404: no topic that readers know."""
    topic = known_topic(slug, request.at)
    newest = list(newest_about(topic, get_language(), request.at, NEWEST).values_list("pk", "updated_at"))
    ended = Edition.objects.filter(was_about(topic, request.at), language=get_language())
    taken_back = ended.taken_back(request.at)[:NEWEST] if form == "atom" else []
    return _answer(request, form, topic.get_absolute_url(), topic.name, newest, taken_back)


def _answer(request, form, page, name, newest, taken_back):
    """The feed of editions whose page has the path `page`; `name` is theirs, or None.

    `newest` are their keys and the moments of their last change. Atom tells also which editions took a text back.
    """
    write, write_entry, content_type = FORMATS[form]
    language, mission = get_language(), settings.MISSION_NAME[get_language()]
    tombstones = [_tombstone(each) for each in taken_back]
    # An edition never changes; the names of its topics may.
    topics = once(request, ("topics' names", language), lambda: tuple(reading.topics_names(language)(at=request.at)))
    editions = Whole((key for key, _updated in newest), request.at)
    entries = each_for_ever(request, (form, language, topics), editions, lambda each: write_entry(_entry(each)))
    channel = feed_formats.Channel(
        title=f"{mission}: {name}" if name else mission,
        author=mission,
        language=language,
        page=settings.SITE_URL + page,
        address=settings.SITE_URL + request.path,
        updated=max([updated for _key, updated in newest] + [each.when for each in tombstones], default=NEVER),
        entries=entries,
        tombstones=tombstones,
    )
    return HttpResponse(write(channel), content_type=content_type)


def _entry(edition):
    lead = shown_files(edition).lead
    return feed_formats.Entry(
        id=tag_uri(edition),
        url=settings.SITE_URL + edition.get_absolute_url(),
        language=edition.language,
        title=edition.title,
        summary=edition.teaser,
        html=full_text.as_html(edition),
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
