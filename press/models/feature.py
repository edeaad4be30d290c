"""What the home page shows in full."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from press.models.message import Message


class FeatureQuerySet(models.QuerySet):
    """Features by the clock."""

    def holding(self, at):
        """Features that hold at the aware moment `at`."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Feature(models.Model):
    """A message stands first on the home page, from a moment until another; the last one set wins."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="features", verbose_name=_("message"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by"))

    objects = FeatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="feature_span")]

    def __str__(self):
        return f"{self.message_id}: {self.starts_at} – {self.ends_at}"
