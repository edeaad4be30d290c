"""Pictures and a document for the demo's messages, put there as officers would: added, approved, corrected."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from press import enclosing
from press.acts import Seen
from press.models import Message
from press.release import correct
from press.review import approve
from press.uploads import take_in

FOLDER = settings.BASE_DIR / "press" / "demo" / "files"
CREDIT = {"en": "drawing made for this demo, free to use", "ru": "рисунок создан для этой демонстрации"}
# By the source of a message: each picture with its alternative text and caption, each document with its title.
PICTURES = {
    "demo-2026-11-botanic-gardens-joint-statement": [
        (
            "greenhouse.jpg",
            "A glass house with three palms; a sandy path between flower beds leads to its door.",
            "The palm house in which the two gardens will work together.",
        ),
        (
            "seeds.jpg",
            "A sheet with eighteen small cards, on each a few seeds of another shape and colour.",
            "Seeds from last autumn’s harvest, sorted for the exchange.",
        ),
    ],
    "demo-2026-11-botanic-gardens-joint-statement-ru": [
        (
            "greenhouse.jpg",
            "Стеклянная оранжерея с тремя пальмами; к двери между клумбами ведёт песчаная дорожка.",
            "Пальмовая оранжерея, где два сада будут работать вместе.",
        ),
        (
            "seeds.jpg",
            "Лист с восемнадцатью карточками, на каждой несколько семян разной формы и цвета.",
            "Семена осеннего сбора, подготовленные к обмену.",
        ),
    ],
    "demo-2024-07-training-ship": [
        ("training-ship.jpg", "A three-masted ship under full sail on a calm sea at sunrise.", ""),
    ],
    "demo-2024-07-training-ship-ru": [
        ("training-ship.jpg", "Трёхмачтовый парусник под всеми парусами в спокойном море на рассвете.", ""),
    ],
}
DOCUMENTS = {
    "demo-2026-11-botanic-gardens-joint-statement": ("seed-list.pdf", "Seeds offered for exchange, winter 2026–27"),
    "demo-2026-11-botanic-gardens-joint-statement-ru": ("seed-list.pdf", "Список семян для обмена, зима 2026/27"),
}


def illustrate():
    """Give each of those messages what it has not got yet; returns how many were corrected."""
    done = 0
    for message in Message.objects.filter(source__in=PICTURES, photos=None, attachments=None).order_by("pk"):
        if message.version == 1 and message.editions.count() == 1:
            with translation.override(message.language):
                _illustrate(message)
            done += 1
    return done


def _illustrate(message):
    officer, approver = (get_user_model().objects.get(username=name) for name in ("officer", "approver"))
    pictures = [(_stored(name, officer), alt, caption) for name, alt, caption in PICTURES[message.source]]
    document = DOCUMENTS.get(message.source)

    def write(working_copy):
        enclosing.add(working_copy, [file.pk for file, _alt, _caption in pictures])
        for file, alt, caption in pictures:
            described = {"alt": alt, "caption": caption, "credit": CREDIT[message.language]}
            working_copy.photos.filter(file=file).update(**described)
        if document:
            enclosing.add(working_copy, [_stored(document[0], officer).pk])
            working_copy.attachments.update(title=document[1], language="en")

    enclosing.rewrite(message, message.version, officer, write)
    message.refresh_from_db()
    approve(message, Seen.of(message), approver)
    correct(message, Seen.of(message), officer)


def _stored(name, by):
    return take_in(SimpleUploadedFile(name, (FOLDER / name).read_bytes()), by)
