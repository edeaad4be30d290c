"""The newest messages as Atom and RSS; every address in them is absolute and begins with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language

from press.models import Edition

NEWEST = 20


def tag_uri(edition):
    """The message's identifier for ever (RFC 4151): it survives corrections and a change of domain."""
    authority = settings.TAG_AUTHORITY or f"{urlsplit(settings.SITE_URL).hostname},2026"
    return f"tag:{authority}:message/{edition.message_id}"


class MessagesFeed(Feed):
    """The newest messages of a language, of all kinds or of one."""

    item_guid_is_permalink = False

    def get_object(self, request, kind=None):
        """The request, whose moment and language decide, and the kind."""
        return request, kind

    def title(self, obj):
        """The mission, and the kind where there is one."""
        _request, kind = obj
        mission = settings.MISSION_NAME[get_language()]
        return f"{mission}: {kind.plural}" if kind else mission

    subtitle = description = title

    def link(self, obj):
        """The page that lists the same messages."""
        _request, kind = obj
        return settings.SITE_URL + (reverse("press:kind", args=[kind]) if kind else reverse("press:list"))

    def feed_url(self, obj):
        """The feed's own address."""
        request, _kind = obj
        return settings.SITE_URL + request.path

    feed_guid = feed_url

    def items(self, obj):
        """The newest live editions."""
        request, kind = obj
        readable = Edition.objects.live(request.at).filter(language=get_language())
        if kind:
            readable = readable.filter(kind=kind)
        return readable.for_list()[:NEWEST]

    def item_title(self, item):
        """The title, as text: the feed's writer escapes it."""
        return item.title

    def item_description(self, item):
        """The teaser."""
        return item.teaser

    def item_link(self, item):
        """Where the message is read."""
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        """The message's identifier for ever."""
        return tag_uri(item)

    def item_pubdate(self, item):
        """The reader's moment."""
        return item.published_at

    def item_updateddate(self, item):
        """When readers were last told of a change."""
        return item.updated_at

    def item_categories(self, item):
        """The kind."""
        return [item.get_kind_display()]


class Atom(MessagesFeed):
    """Atom (RFC 4287): the main feed."""

    feed_type = Atom1Feed


class RSS(MessagesFeed):
    """RSS 2.0."""

    feed_type = Rss201rev2Feed
