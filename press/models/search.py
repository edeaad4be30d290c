"""What readers looked for: how often, by day and language, and nothing of who."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

QUERY_LENGTH = 100


class SearchCount(models.Model):
    """A query as press.search_counts writes it, on one day in one language."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    query = models.CharField(_("looked for"), max_length=QUERY_LENGTH)
    count = models.PositiveIntegerField(_("times"), default=1)
    # As it was the last time.
    found_nothing = models.BooleanField(_("found nothing"))

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [models.UniqueConstraint(fields=["day", "language", "query"], name="search_count_once")]

    def __str__(self):
        return self.query
