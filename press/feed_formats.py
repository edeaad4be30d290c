"""The formats of feeds: Atom (RFC 4287, tombstones of RFC 6721), RSS 2.0, JSON Feed 1.1.

Each has a function that writes an Entry, and one that writes a Channel of entries that are written already: an
entry is the same in every feed of its format.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM_NAMES = {None: ATOM, "at": TOMBSTONES}
RSS_NAMES = {"atom": ATOM, "content": CONTENT, "media": MEDIA}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What a feed without anything in it says; it must say some moment.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Image:
    """The picture that stands above a message: its full address, type, bytes, size in pixels, alternative text."""

    url: str
    media_type: str
    length: int
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class Entry:
    """A message in a feed; moments are aware, `html` is its whole text."""

    id: str
    url: str
    language: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    image: Image | None = None
    categories: tuple = ()
    authors: tuple = ()


@dataclass(frozen=True)
class Tombstone:
    """A message that was taken back at the aware moment `when`, with what readers were told of it."""

    id: str
    when: datetime
    comment: str = ""


@dataclass(frozen=True)
class Channel:
    """A feed: what it is called, the page it follows, its own address, when anything in it last changed (aware).

    Its `entries` are written in the feed's format: as bytes.
    """

    title: str
    author: str
    language: str
    page: str
    address: str
    updated: datetime = NEVER
    entries: list = field(default_factory=list)
    tombstones: list = field(default_factory=list)


def atom(channel):
    """Atom: the main feed, the only one that can tell of a withdrawal."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=ATOM_NAMES)
    feed.set(XML_LANG, channel.language)
    _add(feed, "title", channel.title)
    _add(feed, "subtitle", channel.title)
    _add(feed, "id", channel.address)
    _add(feed, "link", rel="alternate", type="text/html", href=channel.page)
    _add(feed, "link", rel="self", type="application/atom+xml", href=channel.address)
    _add(feed, "updated", _iso(channel.updated))
    _add(_add(feed, "author"), "name", channel.author)
    for each in channel.tombstones:
        tombstone = etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=each.id, when=_iso(each.when))
        if each.comment:
            etree.SubElement(tombstone, f"{{{TOMBSTONES}}}comment").text = each.comment
    return _with_entries(feed, b"</feed>", channel.entries)


def atom_entry(each):
    """An Entry within Atom."""
    entry = etree.Element(f"{{{ATOM}}}entry", nsmap=ATOM_NAMES)
    _add(entry, "title", each.title)
    _add(entry, "id", each.id)
    _add(entry, "link", rel="alternate", type="text/html", href=each.url)
    if each.image:
        _add(
            entry,
            "link",
            rel="enclosure",
            type=each.image.media_type,
            href=each.image.url,
            length=str(each.image.length),
        )
    _add(entry, "published", _iso(each.published))
    _add(entry, "updated", _iso(each.updated))
    for name in each.authors:
        _add(_add(entry, "author"), "name", name)
    for label in each.categories:
        _add(entry, "category", term=label)
    _add(entry, "summary", each.summary)
    _add(entry, "content", each.html, type="html")
    return _within(entry)


def rss(channel):
    """RSS 2.0, with the whole text as content:encoded."""
    root = etree.Element("rss", nsmap=RSS_NAMES, version="2.0")
    feed = etree.SubElement(root, "channel")
    for name, text in (
        ("title", channel.title),
        ("link", channel.page),
        ("description", channel.title),
        ("language", channel.language),
        ("lastBuildDate", format_datetime(channel.updated)),
    ):
        etree.SubElement(feed, name).text = text
    _add(feed, "link", rel="self", type="application/rss+xml", href=channel.address)
    return _with_entries(root, b"</channel></rss>", channel.entries)


def rss_item(each):
    """An Entry within RSS."""
    item = etree.Element("item", nsmap=RSS_NAMES)
    for name, text in (("title", each.title), ("link", each.url), ("description", each.summary)):
        etree.SubElement(item, name).text = text
    etree.SubElement(item, f"{{{CONTENT}}}encoded").text = each.html
    etree.SubElement(item, "guid", isPermaLink="false").text = each.id
    etree.SubElement(item, "pubDate").text = format_datetime(each.published)
    for label in each.categories:
        etree.SubElement(item, "category").text = label
    if each.image:
        _rss_image(item, each.image)
    _add(item, "updated", _iso(each.updated))
    return _within(item)


def _rss_image(item, image):
    """As an enclosure, which every reader knows, and as Media RSS, which tells its size and what it shows."""
    etree.SubElement(item, "enclosure", url=image.url, type=image.media_type, length=str(image.length))
    size = {"width": str(image.width), "height": str(image.height)}
    media = etree.SubElement(item, f"{{{MEDIA}}}content", url=image.url, type=image.media_type, medium="image", **size)
    if image.alt:
        etree.SubElement(media, f"{{{MEDIA}}}description", type="plain").text = image.alt


def json_feed(channel):
    """JSON Feed 1.1 (jsonfeed.org)."""
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "language": channel.language,
        "authors": [{"name": channel.author}],
    }
    return b'%s, "items": [%s]}' % (_json(content)[:-1], b", ".join(channel.entries))


def json_item(each):
    """An Entry within JSON Feed."""
    item = {
        "id": each.id,
        "url": each.url,
        "title": each.title,
        "summary": each.summary,
        "content_html": each.html,
        "image": each.image and each.image.url,
        "date_published": _iso(each.published),
        "date_modified": _iso(each.updated),
        "authors": [{"name": name} for name in each.authors],
        "tags": list(each.categories),
        "language": each.language,
    }
    # One kind of content there must be, even of a message that is all in its title.
    return _json({name: value for name, value in item.items() if value or name == "content_html"})


class Format(NamedTuple):
    """How a feed is written, and its entries, and of which type it is."""

    write: Callable
    write_entry: Callable
    content_type: str


FORMATS = {
    "atom": Format(atom, atom_entry, "application/atom+xml; charset=utf-8"),
    "rss": Format(rss, rss_item, "application/rss+xml; charset=utf-8"),
    "json": Format(json_feed, json_item, "application/feed+json"),
}


def _add(parent, name, text=None, **attributes):
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _iso(moment):
    return moment.isoformat()


def _json(content):
    return json.dumps(content, ensure_ascii=False).encode()


def _within(element):
    """`element` as it is written within a feed, which has declared its namespaces already."""
    declarations = etree.tostring(etree.Element(element.tag, nsmap=element.nsmap)).partition(b" ")[2][:-2]
    return etree.tostring(element, encoding="utf-8").replace(b" " + declarations, b"", 1)


def _with_entries(root, end, entries):
    """The feed `root`, which ends with the bytes `end`, with its entries, which are written already, before that."""
    feed = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return b"".join((feed.removesuffix(end), *entries, end))
