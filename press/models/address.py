"""Where a message is, and where it once was."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import get_language_from_path

from press.models.edition import Edition
from press.models.message import Message


def message_at(address):
    """The message to which a full or partial web address belongs or once belonged, or None."""
    try:
        path = urlsplit(address.strip()).path
        language = get_language_from_path(path) or settings.LANGUAGE_CODE
        # The prefix of an address is known in its own language only.
        with translation.override(language):
            match = resolve(path)
        if match.view_name != "press:message":
            return None
        day = date(*(match.kwargs[name] for name in ("year", "month", "day")))
    except (Resolver404, ValueError):
        return None
    found = Address.objects.filter(language=language, date=day, slug=match.kwargs["slug"]).select_related("message")
    address = found.first()
    return address and address.message


class AddressQuerySet(models.QuerySet):
    """Addresses by the clock."""

    def reached(self, at):
        """Addresses under which something has stood by the aware moment `at`; a scheduled one is unknown."""
        return self.filter(Exists(Edition.objects.filter(address=OuterRef("pk"), live_from__lte=at)))

    def message_of(self, language, date, slug):
        """The key of the message at one address, as a part of another query; null where there is none.

        One value, so that the database looks the address up once, however it judges the rest.
        """
        return Subquery(self.filter(language=language, date=date, slug=slug).values("message")[:1])


class Address(models.Model):
    """Language, date and slug under which a message is or was reachable: it never belongs to another."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="addresses", verbose_name=_("message"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    date = models.DateField(_("date"))
    slug = models.SlugField(_("slug"), max_length=90, db_index=False)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["language", "date", "slug"], name="address_once"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="address_slug"),
        ]

    def __str__(self):
        return f"{self.language} {self.date} {self.slug}"
