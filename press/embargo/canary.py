"""The canary: messages of every kind in every language, every field a word of its own, an hour before their minute.

An operator's act, as an import is: nobody approves them, because nobody will ever read them. They
are taken back by the recall that officers use, and deleted; what an interrupted run left is found by
its source (`remove_all`).
"""

import io
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from PIL import Image
from pypdf import PdfWriter

from embassy import clock
from embassy.acts import Refused, Seen
from embassy.chain import Act, append
from press import uploads
from press.acts import Chain
from press.carrying import make_ready
from press.content import FIELDS, PARTS, TOPICS
from press.models import EditionFile, Feature, Kind, Message, Rendition, StoredFile, Topic
from press.release import compose
from press.versions import keep

STEM = "kanar"
WORD = rf"^{STEM}\d{{8}}x\d{{3}}x$"
USERNAME = "embargo-proof"
SOURCE = "embargo-proof:"
AHEAD = timedelta(hours=1)
PICTURE_SIZE = (720, 400)
# What a colleague reads who comes across it in the office.
TITLES = {"en": "Proof of the embargo, gone in a moment: {}", "ru": "Проверка эмбарго, сейчас исчезнет: {}"}
HTML = {"body": "<h2>{0}</h2><p>{0}</p>", "question": "{0}", "answer": "<p>{0}</p>"}


class Words:
    """Words that stand nowhere else, each told apart; and what each of them is in.

    Each is one word to search, to a slug and to a file's name, and has more digits than a search that
    is counted may have (press.search_counts), so that the proof leaves no trace there.
    """

    def __init__(self):
        self.common = f"{STEM}{secrets.randbelow(10**8):08d}"
        self.of = {}
        self.picture, self.document = _picture(self), _document(self)

    def word(self, what):
        """The word that stands in `what`."""
        return next((word for word, place in self.of.items() if place == what), None) or self._new(what)

    def _new(self, what):
        word = f"{self.common}x{len(self.of):03d}x"
        self.of[word] = what
        return word

    def found_in(self, text):
        """Those of the words that stand in `text`, whatever the case of its letters."""
        text = text.lower()
        return {word for word in self.of if word in text} if self.common in text else set()


@dataclass
class Canary:
    """What is planted: its words, its moment, and what addresses could name of it."""

    words: Words
    moment: object
    # {name of a place in an address: value}, one dict for each thing that has an address.
    named: list
    hashes: list


@transaction.atomic
def plant(words, by):
    """Store and schedule a message of each kind in each language; returns the Canary."""
    moment = clock.whole_minute_from(clock.database_now() + AHEAD)
    picture, document = (uploads.take_in(SimpleUploadedFile(*file), by) for file in (words.picture, words.document))
    topic = _topic(words)
    topics = [topic, *Topic.objects.exclude(pk=topic.pk)[:1]]
    canary = Canary(words, moment, [], [])
    for language, _name in settings.LANGUAGES:
        for kind in Kind:
            message = _written(words, kind, language, (picture, document), topics, by)
            edition = _scheduled(message, moment, by)
            canary.named.append(_names_of(edition))
    canary.named.append({**_names_of(edition), "slug": topic.slug})
    renditions = Rendition.objects.filter(file__in=[picture, document])
    canary.hashes = sorted({rendition.sha256 for rendition in renditions})
    for file in EditionFile.objects.filter(edition=edition):
        for rendition in renditions.filter(file=file.file_id):
            address = {"sha256": rendition.sha256, "name": file.name + rendition.suffix}
            canary.named.append({**_names_of(edition), **address})
    return canary


def planter():
    """The account in whose name canaries are planted; nobody can sign in with it."""
    defaults = {"is_active": False, "password": make_password(None)}
    return get_user_model().objects.get_or_create(username=USERNAME, defaults=defaults)[0]


def remove_all():
    """Recall and delete every canary, whoever planted it; returns sentences about those that cannot be removed."""
    left = [
        sentence for message in Message.everything.filter(source__startswith=SOURCE) for sentence in _removed(message)
    ]
    keys = StoredFile.objects.unused().filter(uploaded_by__username=USERNAME).values_list("pk", flat=True)
    uploads.remove(list(keys))
    unused = Topic.objects.filter(slug__regex=WORD, message_topics=None, edition_topics=None)
    unused.delete()
    return left


@transaction.atomic
def _removed(message):
    """Remove one; returns no sentence, or one that says why not."""
    try:
        chain = Chain.lock(message.pk, Seen.of(message))
        if chain.scheduled:
            chain.recall(message.author)
    except Refused as refusal:
        return [f"{message}: {refusal}"]
    if chain.editions:
        return [f"{message}: live since {chain.last.live_from:%Y-%m-%d %H:%M} UTC. Withdraw it in the office."]
    message.delete()
    return []


def _written(words, kind, language, files, topics, by):
    """A working copy in which every field and every part is filled."""
    now = clock.database_now()
    values = {name: _value(words, Message, name, f"{kind.label}, {language}") for name in FIELDS}
    values |= {"kind": kind, "language": language, "title": TITLES[language].format(values["title"])}
    message = Message.objects.create(
        source=SOURCE + words.word(f"source ({kind.label}, {language})"),
        author=by,
        changed_by=by,
        created_at=now,
        changed_at=now,
        **values,
    )
    TOPICS.write(message, TOPICS.rows([topic.pk for topic in topics]))
    for part in PARTS:
        if part is TOPICS:
            continue
        rows = [_row(words, part, language, files, f"{kind.label}, {language}, {number}") for number in (1, 2)]
        # A message carries a file once.
        part.write(message, rows[:1] if "file" in part.fields else rows)
    keep(message)
    Feature.objects.create(message=message, starts_at=now, ends_at=now + 2 * AHEAD, set_by=by)
    return message


def _row(words, part, language, files, where):
    """The fields of one row of a part, as press.content writes them."""
    picture, document = files
    fixed = {"language": language, "is_lead": True, "is_decorative": False, "focal_x": 50, "focal_y": 50}
    fixed["file"] = (picture if "is_lead" in part.fields else document).pk
    return {
        name: fixed[name] if name in fixed else _value(words, part.model, name, f"{part.label}, {where}")
        for name in part.fields
    }


def _value(words, model, name, where):
    """A value for a field: words of its own, or today for a date. Raises NotImplementedError for any other."""
    field = model._meta.get_field(name)
    if isinstance(field, models.DateField):
        return clock.host_date(clock.now())
    if not isinstance(field, models.CharField | models.TextField):
        raise NotImplementedError(f"The proof of the embargo does not know how to fill {model.__name__}.{name}.")
    what = f"{field.verbose_name} ({where})"
    if name in HTML:
        return HTML[name].format(words.word(what))
    return words.word(what)


def _topic(words):
    """A topic that only canaries are about: readers know it once one of these is live, and not before."""
    word = words.word("topic")
    return Topic.objects.create(slug=word, name_en=word, name_ru=word)


def _scheduled(message, moment, by):
    """The edition of `message` that goes live at `moment`."""
    chain = Chain.lock(message.pk, Seen.of(message))
    make_ready(chain.message)
    edition = compose(chain.message, chain.editions, Act.RELEASE, moment)
    edition.releaser = by
    append(edition, chain.last)
    chain.editions.append(edition)
    chain.note_reader_date()
    return edition


def _names_of(edition):
    """What an address could name of `edition`: its date, its slug, its kind, its rows' numbers."""
    date = edition.published_on
    return {
        "year": date.year,
        "month": date.month,
        "day": date.day,
        "slug": edition.address.slug,
        "kind": edition.kind,
        "language": edition.language,
        "number": edition.message_id,
        "edition": edition.pk,
    }


def _picture(words):
    """The name and the bytes of a picture that nobody else has."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (6, 4), secrets.token_bytes(72)).resize(PICTURE_SIZE).save(buffer, "JPEG")
    return f"{words.word('name of the picture')}.jpg", buffer.getvalue()


def _document(words):
    """The name and the bytes of a document that nobody else has."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.metadata = {"/Title": words.word("title within the document")}
    buffer = io.BytesIO()
    writer.write(buffer)
    return f"{words.word('name of the document')}.pdf", buffer.getvalue()
