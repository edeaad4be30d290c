"""Export what the public reads now, as a file that `import_messages` reads (docs/import.md)."""

import json
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch

from press import reading
from press.models import Edition, Topic
from press.translations import original_of, translations_of, with_translations

CHUNK = 500
# A block's id, as press.paragraphs sets it; a quotation mark in an address or a text cannot follow `id=`.
BLOCK_ID = re.compile(r'(<[a-z][a-z0-9]*) id="p[0-9]+"')


def export(file, at, advance=lambda count: None):
    """Write the editions live at the aware moment `at` to the binary `file`, oldest first; return how many.

    `advance` is told of each one.
    """
    # One transaction, so that the server hands the editions over as they are asked for.
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Whoever reads the other end of a pipe may take his time.
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        featured = _featured(at)
        topics = {topic["slug"]: topic for topic in Topic.objects.values("slug", "name_en", "name_ru")}
        count = 0
        for edition in _editions(at):
            line = json.dumps(content(edition, edition.pk in featured, topics), ensure_ascii=False)
            file.write(line.encode() + b"\n")
            count += 1
            advance(1)
        return count


def content(edition, featured, topics):
    """The object of a line: what `edition` says, without what is empty; `topics` are all of them, by their slugs."""
    every = {
        "kind": edition.kind,
        "language": edition.language,
        "title": edition.title,
        "published_at": edition.published_at.isoformat(),
        "slug": edition.address.slug,
        "teaser": edition.teaser,
        "body": _without_ids(edition.body),
        "featured": featured,
        "signed_in": edition.signed_in,
        "signed_on": edition.signed_on and edition.signed_on.isoformat(),
        "signatories": [{name: text for name, text in side.items() if text} for side in edition.signatories],
        "questions": [
            {"question": exchange["question"], "answer": _without_ids(exchange["answer"])}
            for exchange in edition.exchanges
        ],
        "topics": [topics[slug] for slug in edition.details.get("topics", [])],
        "translations": _group(edition),
        "source": edition.message.source or _first_address(edition),
    }
    return {name: value for name, value in every.items() if value}


def _group(edition):
    """A name for the texts that say the same, and are live: the path of the original, which an import keeps."""
    translations = translations_of(edition)
    original = original_of(edition, translations)
    path = edition.get_absolute_url() if original is edition else original.url
    return path if translations else None


def _editions(at):
    first = Edition.objects.filter(number=1).select_related("address").defer("body", "details")
    return (
        with_translations(Edition.objects.live(at), at)
        .order_by("published_at", "message_id")
        .select_related("address", "message")
        .defer("message__body", "message__teaser")
        .prefetch_related(Prefetch("message__editions", first, to_attr="first_editions"))
        .iterator(chunk_size=CHUNK)
    )


def _featured(at):
    """The keys of the editions that are featured, one for each language at most."""
    return {key for language, _name in settings.LANGUAGES for key in reading.featured(language, at)}


def _first_address(edition):
    """Where the message was first read: it belongs to it for ever, here and wherever it is imported."""
    return urlsplit(settings.SITE_URL).netloc + edition.message.first_editions[0].get_absolute_url()


def _without_ids(text):
    return BLOCK_ID.sub(r"\1", text)
