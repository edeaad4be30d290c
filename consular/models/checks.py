"""Who looked when whether a number or an address is still right."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consular.models.office import ContactInfo


class What(models.TextChoices):
    """The facts that grow old."""

    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")


class Confirmation(models.Model):
    """Somebody checked that a released fact is right. It is of the value: another number needs another check."""

    what = models.CharField(_("what"), max_length=10, choices=What)
    value = models.TextField(_("value"))
    checked_on = models.DateField(_("checked on"))
    # Nobody: an operator, by a command.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("checked by")
    )

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="consular_confirmation_what", condition=models.Q(what__in=What.values))
        ]

    def __str__(self):
        return f"{self.value} {self.checked_on:%d.%m.%Y}"


class Reminder(models.Model):
    """The owner of a fact was mailed on a day that nobody had checked it for too long."""

    what = models.CharField(_("what"), max_length=10, choices=What)
    value = models.TextField(_("value"))
    sent_on = models.DateField(_("sent on"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(name="consular_reminder_once", fields=["what", "value", "sent_on"])]

    def __str__(self):
        return f"{self.value} {self.sent_on:%d.%m.%Y}"


class ConfirmedYear(models.Model):
    """An officer went through the holidays of a year and decided on which of them an office is closed."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="confirmed_years", verbose_name=_("office"))
    year = models.PositiveSmallIntegerField(_("year"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("confirmed year")
        verbose_name_plural = _("confirmed years")
        constraints = [models.UniqueConstraint(name="consular_year_once", fields=["contact", "year"])]

    def __str__(self):
        return f"{self.contact_id} {self.year}"
