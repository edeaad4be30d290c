"""The offices of the consular section and how to reach them: the working copy, which no reader sees."""

from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from consular.languages import PerLanguage, PerLanguageModel

E164 = r"^\+[1-9][0-9]{6,14}$"
LINES = _("One on each line.")


def owner_field():
    """Who answers for a fact: he is mailed when nobody has checked it for too long."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"is_active": True, "is_staff": True},
        verbose_name=_("owner"),
        help_text=_("Who answers for it, and is mailed when nobody has checked it for too long. Readers see no names."),
    )


def check_language(code):
    """Raise ValidationError where `code` is no language that Django has a name for."""
    try:
        get_language_info(code)
    except KeyError as error:
        raise ValidationError(_("“%(code)s” is no code of a language."), params={"code": code}) from error


class ContactInfoQuerySet(models.QuerySet):
    def yield_primary(self, contact):
        """Make room for `contact` to be primary; return the offices that were. Needs a transaction."""
        # All are locked first: of two officers who press at once the later one sees what the earlier did.
        list(self.select_for_update().order_by("pk"))
        others = list(self.filter(primary=True).exclude(pk=contact.pk))
        self.filter(pk__in=[office.pk for office in others]).update(primary=False)
        return others


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
    address_owner = owner_field()
    way_in_en = models.TextField(
        _("way in, in English"), blank=True, help_text=_("Which door, which bell, what is checked there.")
    )
    way_in_ru = models.TextField(_("way in, in Russian"), blank=True)
    access_en = models.TextField(
        _("accessible entrance in English"), blank=True, help_text=_("Where it has no steps, and who helps.")
    )
    access_ru = models.TextField(_("accessible entrance in Russian"), blank=True)
    transport_en = models.TextField(_("transport in English"), blank=True, help_text=_("Stations, buses, parking."))
    transport_ru = models.TextField(_("transport in Russian"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=10, validators=[check_language]),
        verbose_name=_("languages spoken"),
        default=list,
        blank=True,
        help_text=_("Their codes, divided by commas: en, ru, fr."),
    )
    before_en = models.TextField(_("before you come, in English"), blank=True, help_text=LINES)
    before_ru = models.TextField(_("before you come, in Russian"), blank=True, help_text=LINES)
    can_en = models.TextField(_("what we can do, in English"), blank=True, help_text=LINES)
    can_ru = models.TextField(_("what we can do, in Russian"), blank=True, help_text=LINES)
    cannot_en = models.TextField(_("what we cannot do, in English"), blank=True, help_text=LINES)
    cannot_ru = models.TextField(_("what we cannot do, in Russian"), blank=True, help_text=LINES)
    name = PerLanguage()
    address = PerLanguage()
    way_in = PerLanguage()
    access = PerLanguage()
    transport = PerLanguage()
    before = PerLanguage()
    can = PerLanguage()
    cannot = PerLanguage()

    objects = ContactInfoQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["-primary", "kind", "name_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="consular_one_primary",
                fields=["primary"],
                condition=Q(primary=True),
                violation_error_message=_("Another office is primary."),
            ),
        ]

    def __str__(self):
        return self.name


class Phone(PerLanguageModel):
    """A telephone number of an office: what it is for, for whom it is and for whom not, when it is answered."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="phones", verbose_name=_("office"))
    number = PhoneNumberField(
        _("number"),
        help_text=_("Such as +44 20 7946 0123. Without + it is read as one of this country."),
    )
    purpose_en = models.CharField(_("purpose in English"), max_length=100)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=100)
    answered_en = models.CharField(
        _("when it is answered, in English"), max_length=200, blank=True, help_text=_("Such as: day and night.")
    )
    answered_ru = models.CharField(_("when it is answered, in Russian"), max_length=200, blank=True)
    note_en = models.CharField(
        _("who it is for, in English"), max_length=300, blank=True, help_text=_("In whose need, and in what need.")
    )
    note_ru = models.CharField(_("who it is for, in Russian"), max_length=300, blank=True)
    not_for_en = models.CharField(_("what it is not for, in English"), max_length=300, blank=True)
    not_for_ru = models.CharField(_("what it is not for, in Russian"), max_length=300, blank=True)
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
    owner = owner_field()
    purpose = PerLanguage()
    answered = PerLanguage()
    note = PerLanguage()
    not_for = PerLanguage()

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(name="consular_phone_e164", condition=Q(number__regex=E164)),
        ]

    def __str__(self):
        return f"{self.purpose}: {self.display}"

    def clean(self):
        """Raise ValidationError where an emergency line does not say who it is for and what it is not for."""
        super().clean()
        if self.is_emergency:
            empty = [text for text in (type(self).note, type(self).not_for) if not getattr(self, text.columns[0])]
            if empty:
                sentence = _("Callers of an emergency line must know who it is for and what it is not for.")
                raise ValidationError({text.columns[0]: sentence for text in empty})

    @property
    def display(self):
        """The number as people abroad write and dial it: +44 20 7946 0123."""
        return self.number.as_international

    @property
    def uri(self):
        """The number as a link, or nothing where it is no valid number."""
        return f"tel:{self.number.as_e164}" if self.number.is_valid() else ""


class EmailAddress(PerLanguageModel):
    """An e-mail address of an office, what it is for, and how soon it is answered."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="emails", verbose_name=_("office"))
    address = models.EmailField(_("address"))
    purpose_en = models.CharField(_("purpose in English"), max_length=100)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=100)
    reply_en = models.CharField(
        _("reply time in English"), max_length=100, blank=True, help_text=_("Such as: within three working days.")
    )
    reply_ru = models.CharField(_("reply time in Russian"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first. The header shows the first.")
    )
    owner = owner_field()
    purpose = PerLanguage()
    reply = PerLanguage()

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


class Service(PerLanguageModel):
    """What an office does for people: what they bring, what it costs, how long it takes, whether to book."""

    contact = models.ForeignKey(ContactInfo, models.CASCADE, related_name="services", verbose_name=_("office"))
    name_en = models.CharField(_("name in English"), max_length=150)
    name_ru = models.CharField(_("name in Russian"), max_length=150)
    documents_en = models.TextField(_("documents in English"), blank=True, help_text=LINES)
    documents_ru = models.TextField(_("documents in Russian"), blank=True, help_text=LINES)
    fee = models.DecimalField(
        _("fee"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("0 means that it is free. Empty: nothing is said of a fee."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Such as GBP."))
    time_en = models.CharField(
        _("time it takes, in English"), max_length=150, blank=True, help_text=_("Such as: ten working days.")
    )
    time_ru = models.CharField(_("time it takes, in Russian"), max_length=150, blank=True)
    appointment = models.BooleanField(_("appointment needed"), default=False)
    booking_url = models.URLField(
        _("address for booking"),
        blank=True,
        validators=[URLValidator(["https"])],
        help_text=_("The whole address, beginning with https://"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0, help_text=_("Smaller ones come first."))
    name = PerLanguage()
    documents = PerLanguage()
    time = PerLanguage()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consular_service_currency",
                condition=Q(fee=None) | Q(fee=0) | Q(fee__gt=0, currency__regex=r"^[A-Z]{3}$"),
                violation_error_message=_("A fee needs its currency, in three letters such as GBP."),
            ),
            models.CheckConstraint(
                name="consular_service_booking",
                condition=Q(booking_url="") | Q(appointment=True),
                violation_error_message=_("An address for booking is for services that need an appointment."),
            ),
        ]

    def __str__(self):
        return self.name
