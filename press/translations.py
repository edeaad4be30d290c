"""The same message in other languages, as readers are told of it: only while both texts are live."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import translation

from press.models import Edition, Translation

COLUMNS = ("message_id", "language", "title", "published_at", "published_on")


@dataclass(frozen=True)
class Shown:
    """A live text in another language; `published_at` is aware, `url` its path."""

    message_id: int
    language: str
    title: str
    published_at: datetime
    url: str

    @property
    def language_name(self):
        """The language, in itself."""
        return translation.get_language_info(self.language)["name_local"]


def with_translations(editions, at):
    """The queryset `editions`, each of which knows its translations that are live at the aware moment `at`."""
    own = Translation.objects.filter(message=OuterRef(OuterRef(OuterRef("message_id"))))
    group = Translation.objects.filter(group__in=own.values("group")).values("message")
    live = Edition.objects.live(at).filter(~Q(message=OuterRef("message_id")), message__in=group)
    columns = {**{name: F(name) for name in COLUMNS}, "slug": F("address__slug")}
    found = live.order_by("language").values(json=JSONObject(**columns))
    return editions.annotate(translation_rows=ArraySubquery(found))


def translations_of(edition):
    """The translations of an edition that was read with them, as Shown; of a draft none."""
    return [_shown(row) for row in getattr(edition, "translation_rows", [])]


def original_of(edition, translations):
    """The one of `edition` and its `translations` that the others are translations of.

    That is the first that readers had; of several of one moment, the one in the site's first language.
    """
    languages = [code for code, _name in settings.LANGUAGES]
    return min((edition, *translations), key=lambda each: (each.published_at, languages.index(each.language)))


def _shown(row):
    day = date.fromisoformat(row["published_on"])
    with translation.override(row["language"]):
        url = reverse("press:message", args=[day.year, day.month, day.day, row["slug"]])
    return Shown(row["message_id"], row["language"], row["title"], datetime.fromisoformat(row["published_at"]), url)
