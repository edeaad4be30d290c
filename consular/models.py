"""The offices of the consular section and how to reach them.

Weekdays count as Python's do (Monday is 0); times and dates are the host city's
(settings.TIME_ZONE).
"""

from urllib.parse import quote

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast, ExtractHour, ExtractMinute, JSONObject
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from consular.languages import PerLanguage, PerLanguageModel

MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
E164 = r"^\+[1-9][0-9]{6,14}$"


class ContactInfoQuerySet(models.QuerySet):
    def with_details(self, first_day, last_day):
        """Add what `consular.offices` reads: the children as rows of JSON, in this same query.

        Of the closures only those from `first_day` to `last_day`, so that the past costs nothing.
        """
        return self.annotate(
            phone_rows=_rows(Phone.objects.all()),
            email_rows=_rows(EmailAddress.objects.all()),
            hours_rows=_rows(OpeningHours.objects.all()),
            closure_rows=_rows(Closure.objects.filter(date__range=(first_day, last_day))),
        )

    def yield_primary(self, contact):
        """Make room for `contact` to be primary; return the offices that were. Needs a transaction."""
        # All are locked first: of two officers who press at once the later one sees what the earlier did.
        list(self.select_for_update().order_by("pk"))
        others = list(self.filter(primary=True).exclude(pk=contact.pk))
        self.filter(pk__in=[office.pk for office in others]).update(primary=False)
        return others


def _rows(children):
    """Each contact's `children` as an array of JSON objects, in the order of their model."""
    columns = [field.attname for field in children.model._meta.concrete_fields]
    return ArraySubquery(
        children.filter(contact=models.OuterRef("pk")).values(row=JSONObject(**{column: column for column in columns}))
    )


class ContactInfo(PerLanguageModel):
    """An office that people may turn to. At most one is primary: the header of every page shows it."""

    class Kind(models.TextChoices):
        CONSULAR_SECTION = "consular-section", _("Consular section")
        HONORARY_CONSULATE = "honorary-consulate", _("Honorary consulate")
        PRESS_OFFICE = "press-office", _("Press office")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CONSULAR_SECTION)
    primary = models.BooleanField(
        _("primary"),
        default=False,
        help_text=_("The header of every page shows it. Ticked here, it is unticked where it was."),
    )
    name_en = models.CharField(_("name in English"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    address_en = models.TextField(
        _("address in English"),
        blank=True,
        help_text=_("As on an envelope, line by line. Leave it empty if nobody can come there."),
    )
    address_ru = models.TextField(_("address in Russian"), blank=True)
    name = PerLanguage()
    address = PerLanguage()

    objects = ContactInfoQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["-primary", "kind", "name_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="consular_one_primary",
                fields=["primary"],
                condition=models.Q(primary=True),
                violation_error_message=_("Another office is primary."),
            ),
        ]

    def __str__(self):
        return self.name


class Phone(PerLanguageModel):
    """A telephone number of an office and what it is for."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="phones", verbose_name=_("office"))
    number = PhoneNumberField(
        _("number"),
        help_text=_("Such as +44 20 7946 0123. Without + it is read as one of this country."),
    )
    purpose_en = models.CharField(_("purpose in English"), max_length=100)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=100)
    note_en = models.CharField(
        _("note in English"),
        max_length=300,
        blank=True,
        help_text=_("Who the number is for and what it is not for; when it is answered."),
    )
    note_ru = models.CharField(_("note in Russian"), max_length=300, blank=True)
    is_emergency = models.BooleanField(
        _("emergency line"),
        default=False,
        help_text=_("Emergency lines stand first on the consular page and never in the header."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"),
        default=0,
        help_text=_("Smaller ones come first. The header shows the first that is no emergency line."),
    )
    purpose = PerLanguage()
    note = PerLanguage()

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(name="consular_phone_e164", condition=models.Q(number__regex=E164)),
        ]

    def __str__(self):
        return f"{self.purpose}: {self.display}"

    @property
    def display(self):
        """The number as people abroad write and dial it: +44 20 7946 0123."""
        return self.number.as_international

    @property
    def uri(self):
        """The number as a link, or nothing where it is no valid number."""
        return f"tel:{self.number.as_e164}" if self.number.is_valid() else ""


class EmailAddress(PerLanguageModel):
    """An e-mail address of an office and what it is for."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="emails", verbose_name=_("office"))
    address = models.EmailField(_("address"))
    purpose_en = models.CharField(_("purpose in English"), max_length=100)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=100)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first. The header shows the first.")
    )
    purpose = PerLanguage()

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.purpose}: {self.address}"

    @property
    def uri(self):
        """The address as a link (RFC 6068: what a valid address may hold, `?` among it, is escaped)."""
        return f"mailto:{quote(self.address, safe='@+')}"


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def _minute(time_field):
    """A number that tells office, weekday and minute at once: every office has weeks of its own."""
    return Cast(
        models.F("contact") * MINUTES_OF_WEEK
        + models.F("weekday") * MINUTES_OF_DAY
        + ExtractHour(time_field) * 60
        + ExtractMinute(time_field),
        models.BigIntegerField(),
    )


class OpeningHours(models.Model):
    """One span of one weekday in which an office is open, by the host city's clocks.

    It is open from the minute `opens` on, and no longer at `closes`. A span ends on its own day.
    """

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="hours", verbose_name=_("office"))
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"), help_text=_("By the clocks of the host city, such as 09:00."))
    closes = models.TimeField(
        _("closes"), help_text=_("From this minute on the office is closed. For a lunch break add two spans.")
    )

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens", "pk"]
        constraints = [
            models.CheckConstraint(name="consular_hours_weekday", condition=models.Q(weekday__in=Weekday.values)),
            models.CheckConstraint(name="consular_hours_order", condition=models.Q(closes__gt=models.F("opens"))),
            models.CheckConstraint(
                name="consular_hours_minutes",
                condition=models.Q(opens__second=0, closes__second=0),
                violation_error_message=_("Opening hours are whole minutes."),
            ),
            # One range a row instead of three columns, because equality of columns in an exclusion
            # constraint would need the extension btree_gist. Deferred, so that two spans can be
            # exchanged in one transaction.
            ExclusionConstraint(
                name="consular_hours_apart",
                expressions=[
                    (models.Func(_minute("opens"), _minute("closes"), function="int8range"), RangeOperators.OVERLAPS)
                ],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self):
        """Raise ValidationError at `closes` where it does not come after `opens`."""
        super().clean()
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValidationError({"closes": _("An office closes after it opens, on the same day.")})


class Closure(PerLanguageModel):
    """A day of the host city on which an office stays closed all day, and why."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="closures", verbose_name=_("office"))
    date = models.DateField(_("date"), help_text=_("The office is closed all day."))
    reason_en = models.CharField(_("reason in English"), max_length=100, help_text=_("Such as: Christmas Day."))
    reason_ru = models.CharField(_("reason in Russian"), max_length=100)
    reason = PerLanguage()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="consular_closure_once",
                fields=["contact", "date"],
                violation_error_message=_("This day is entered already."),
            ),
        ]

    def __str__(self):
        return f"{self.date:%d.%m.%Y} {self.reason}"
