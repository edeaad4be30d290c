"""Topics: what messages are about, as officers have chosen it, and which editions carry them."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from embassy.chain import ChainQuerySet
from press.models.edition import NEWEST_FIRST, UNPRINTABLE, Edition
from press.models.message import Message

NAME_LENGTH = 80
# Lower case only, so that an address is written in one way.
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class TopicQuerySet(models.QuerySet):
    """Topics by what readers know of them."""

    def known(self, at):
        """Topics that readers have met by the aware moment `at`: one that only drafts or scheduled texts have is none.

        A topic stays known when its last message is withdrawn: its address has been public.
        """
        return self.filter(Exists(EditionTopic.objects.filter(topic=OuterRef("pk"), live_from__lte=at)))


class Topic(models.Model):
    """What a message may be about. Its slug is part of addresses: the database keeps it once an edition has it."""

    name_en = models.CharField(_("name in English"), max_length=NAME_LENGTH)
    name_ru = models.CharField(_("name in Russian"), max_length=NAME_LENGTH)
    slug = models.CharField(
        _("address"),
        max_length=60,
        unique=True,
        help_text=_("The last part of the topic’s address, the same in both languages: small letters, digits and -."),
    )
    position = models.PositiveSmallIntegerField(
        _("place"), default=100, help_text=_("Where it stands in lists: the smallest number comes first.")
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG),
                name="topic_slug",
                violation_error_message=_("Small letters, digits and single hyphens between them, please."),
            ),
            *(
                models.UniqueConstraint(
                    Lower(name),
                    name=f"topic_{name}_once",
                    violation_error_message=_("Another topic has this name."),
                )
                for name in ("name_en", "name_ru")
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(**{name: ""}) & ~Q(**{f"{name}__regex": UNPRINTABLE}), name=f"topic_{name}_printable"
                )
                for name in ("name_en", "name_ru")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Its page in the active language."""
        return reverse("press:topic", args=[self.slug])

    @property
    def name(self):
        """What it is called in the active language, in the site's first where that is none of its own."""
        language = get_language()
        known = language in dict(settings.LANGUAGES)
        return getattr(self, f"name_{language if known else settings.LANGUAGE_CODE}")


class MessageTopic(models.Model):
    """A topic of a working copy."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="topics", verbose_name=_("message"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="message_topics", verbose_name=_("topic"))

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["message", "topic"], name="message_topic_once")]

    def __str__(self):
        return str(self.topic)


class EditionTopicQuerySet(ChainQuerySet):
    """Topics of editions by the clock, in the order of lists."""

    def live(self, at):
        """Those of editions for reading at the aware moment `at`: what is withdrawn carries none."""
        return self.standing(at)

    def newest_first(self):
        """In the one order of every list."""
        return self.order_by(*NEWEST_FIRST)


class EditionTopic(models.Model):
    """That an edition is about a topic, with what lists are chosen and ordered by.

    The database makes and keeps these rows from what the edition says (migration 0028): the edition, and its
    hash, are the truth; they are where an index can find them.
    """

    edition = models.ForeignKey(
        Edition, models.DO_NOTHING, related_name="topic_rows", db_index=False, verbose_name=_("edition")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="edition_topics", db_index=False, verbose_name=_("topic")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    published_at = models.DateTimeField(_("published"))
    message_id = models.BigIntegerField(_("message"))
    live_from = models.DateTimeField(_("live from"))
    live_until = models.DateTimeField(_("live until"), null=True)

    objects = EditionTopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of an edition")
        verbose_name_plural = _("topics of editions")
        constraints = [models.UniqueConstraint(fields=["edition", "topic"], name="edition_topic_once")]
        indexes = [
            models.Index(
                fields=["topic", "language", "-published_at", "-message_id"],
                include=("edition", "live_from", "live_until"),
                name="edition_topic_newest",
            )
        ]

    def __str__(self):
        return f"{self.edition_id}: {self.topic_id}"
