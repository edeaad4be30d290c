"""What editions are about, as readers are told it."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language

from press.models import Edition, EditionTopic, Topic


@dataclass(frozen=True)
class Shown:
    """A topic: its name and its page's path in the active language."""

    slug: str
    name: str
    url: str


def with_topics(editions):
    """The queryset `editions`, each of which knows its topics (`topics_of`) without a further query."""
    rows = EditionTopic.objects.filter(edition=OuterRef("pk")).order_by("topic__position", "topic__slug")
    names = {name: f"topic__{name}" for name in ("slug", "name_en", "name_ru")}
    return editions.annotate(topic_names=ArraySubquery(rows.values(json=JSONObject(**names))))


def carries(slug):
    """The condition on editions: they are about the topic of this slug.

    One value for each edition, so that the database asks it of those that it comes by; it would join the archive.
    """
    topic = Topic.objects.filter(slug=slug).values("pk")
    own = EditionTopic.objects.filter(edition=OuterRef("pk"), topic=Subquery(topic))
    return Q(pk=Subquery(own.values("edition")[:1]))


def rows_of(slug, at):
    """Where the live editions about the topic of this slug are found, in the order of lists: EditionTopics."""
    topic = Topic.objects.filter(slug=slug).values("pk")
    return EditionTopic.objects.live(at).filter(topic=Subquery(topic)).newest_first()


def newest_about(topic, language, at, number):
    """The `number` newest editions about `topic` in `language` that are live at the aware moment `at`."""
    keys = EditionTopic.objects.live(at).filter(topic=topic, language=language).newest_first().values("edition")
    return Edition.objects.live(at).filter(pk__in=keys[:number]).newest_first()


def was_about(topic, at):
    """The condition on editions that take a text back: it was about `topic`, and readers had it by the moment `at`."""
    before = EditionTopic.objects.filter(topic=topic, live_from__lte=at, edition__message=OuterRef("message"))
    return Exists(before)


def topics_of(edition):
    """The topics of an edition in their order, as Shown: a query for one that was read without them, or is a draft."""
    if hasattr(edition, "topic_names"):
        found = edition.topic_names
    else:
        found = Topic.objects.filter(slug__in=edition.details.get("topics", [])).values("slug", "name_en", "name_ru")
    return [shown(each["slug"], each[f"name_{get_language()}"]) for each in found]


def shown(slug, name):
    """The topic with this slug, of this name in the active language."""
    return Shown(slug, name, reverse("press:topic", args=[slug]))


def known_topic(slug, at):
    """The topic that readers know by `slug` at the aware moment `at`. Raises Http404."""
    found = Topic.objects.known(at).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def topics_in(language, at):
    """The Topics of messages in `language` that are live at the aware moment `at`, in their order."""
    return Topic.objects.filter(Exists(EditionTopic.objects.live(at).filter(language=language, topic=OuterRef("pk"))))


def counted_topics(language, at):
    """The topics of live messages in `language`, in their order, as (press.topics.Shown, how many)."""
    own = EditionTopic.objects.live(at).filter(language=language, topic=OuterRef("pk"))
    count = own.order_by().values("topic").annotate(count=Count("edition")).values("count")
    topics = Topic.objects.annotate(count=Subquery(count))
    return [(shown(topic.slug, topic.name), topic.count) for topic in topics if topic.count]
