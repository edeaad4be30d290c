"""When offices are open: the weeks, and the days that are different.

Weekdays count as Python's do (Monday is 0); times and dates are the host city's
(settings.TIME_ZONE).
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast, ExtractHour, ExtractMinute
from django.utils.translation import gettext_lazy as _

from consular.languages import PerLanguage, PerLanguageModel
from consular.models.office import ContactInfo
from consular.spans import NotSpans, parse_spans

MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
# Room for more than there are, so that a new one changes no stored range.
CHANNELS = 8


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Channel(models.IntegerChoices):
    """What is open: each keeps hours of its own."""

    COUNTER = 0, _("Counter")
    COLLECTION = 1, _("Collection of documents")
    TELEPHONE = 2, _("Telephone")


def _minute(time_field):
    """A number that tells office, channel, weekday and minute at once: everything has weeks of its own."""
    return Cast(
        (models.F("contact") * CHANNELS + models.F("channel")) * MINUTES_OF_WEEK
        + models.F("weekday") * MINUTES_OF_DAY
        + ExtractHour(time_field) * 60
        + ExtractMinute(time_field),
        models.BigIntegerField(),
    )


class OpeningHours(models.Model):
    """One span of one weekday in which an office serves one channel, by the host city's clocks.

    It is open from the minute `opens` on, and no longer at `closes`. A span ends on its own day.
    """

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="hours", verbose_name=_("office"))
    channel = models.PositiveSmallIntegerField(
        _("what is open"),
        choices=Channel,
        default=Channel.COUNTER,
        help_text=_("The header and the status line tell of the counter."),
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"), help_text=_("By the clocks of the host city, such as 09:00."))
    closes = models.TimeField(
        _("closes"), help_text=_("From this minute on the office is closed. For a lunch break add two spans.")
    )

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["channel", "weekday", "opens", "pk"]
        constraints = [
            models.CheckConstraint(name="consular_hours_weekday", condition=models.Q(weekday__in=Weekday.values)),
            models.CheckConstraint(name="consular_hours_channel", condition=models.Q(channel__in=Channel.values)),
            models.CheckConstraint(name="consular_hours_order", condition=models.Q(closes__gt=models.F("opens"))),
            models.CheckConstraint(
                name="consular_hours_minutes",
                condition=models.Q(opens__second=0, closes__second=0),
                violation_error_message=_("Opening hours are whole minutes."),
            ),
            # One range a row instead of several columns, because equality of columns in an exclusion
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


class ExceptionalDay(PerLanguageModel):
    """A day of the host city on which an office stays closed, or keeps other hours, and why."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="exceptions", verbose_name=_("office"))
    date = models.DateField(_("date"))
    channel = models.PositiveSmallIntegerField(
        _("what is different"),
        choices=Channel,
        null=True,
        blank=True,
        help_text=_("Empty: everything, unless a line of the same day says otherwise of one of them."),
    )
    hours = models.CharField(
        _("other hours"),
        max_length=100,
        blank=True,
        help_text=_("Such as 10:00–13:00, 14:00–16:00. Empty: closed all day."),
    )
    reason_en = models.CharField(_("reason in English"), max_length=100, help_text=_("Such as: Christmas Day."))
    reason_ru = models.CharField(_("reason in Russian"), max_length=100)
    reason = PerLanguage()

    class Meta:
        verbose_name = _("closed day or other hours")
        verbose_name_plural = _("closed days and other hours")
        ordering = ["date", "channel", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="consular_exception_once",
                fields=["contact", "date", "channel"],
                nulls_distinct=False,
                violation_error_message=_("This day is entered already."),
            ),
            models.CheckConstraint(
                name="consular_exception_channel",
                condition=models.Q(channel=None) | models.Q(channel__in=Channel.values),
            ),
        ]

    def __str__(self):
        return f"{self.date:%d.%m.%Y} {self.reason}"

    def clean(self):
        """Write `hours` as everybody does; raise ValidationError there where they are no spans of a day."""
        super().clean()
        try:
            spans = self.spans
        except NotSpans as error:
            raise ValidationError({"hours": error.args[0]}) from error
        self.hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)

    @property
    def spans(self):
        """The spans in which it is open all the same, as pairs of times; none: closed all day. Raises NotSpans."""
        return parse_spans(self.hours)
