"""The messages before and after another one, as its page names them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from press.models import Edition
from press.models.edition import Place, address_of

OWN = {"title": F("title"), "day": F("published_on")}
OF_ADDRESS = {name: F(f"address__{name}") for name in ("language", "slug")}


@dataclass(frozen=True)
class Neighbour:
    """A live message: its title and its page's path."""

    title: str
    url: str


def with_neighbours(editions, at):
    """The queryset `editions`, each of which knows its neighbours that are live at the aware moment `at`."""
    place = Place(OuterRef("published_at"), OuterRef("message_id"))
    others = Edition.objects.live(at).filter(language=OuterRef("language"))
    return editions.annotate(earlier_row=_nearest(others.before(place)), later_row=_nearest(others.after(place)))


def neighbours_of(edition):
    """The earlier and the later Neighbour of an edition that was read with them; None where it is the first or last."""
    return _shown(edition.earlier_row), _shown(edition.later_row)


def _nearest(editions):
    return Subquery(editions.values(json=JSONObject(**OWN, **OF_ADDRESS))[:1])


def _shown(row):
    return row and Neighbour(row["title"], address_of(row["language"], date.fromisoformat(row["day"]), row["slug"]))
