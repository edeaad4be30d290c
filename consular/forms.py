"""The checks of the offices' forms that only a whole form can make."""

from itertools import pairwise

from django import forms
from django.conf import settings
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext

from consular.models import ContactInfo, Phone, Service
from consular.models.office import check_language

LONG = {"class": "vLargeTextField"}


class LanguagesField(SimpleArrayField):
    """Codes of languages, divided by commas; blanks and capitals do not matter."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        codes = [part.strip().lower() for part in (value or "").split(",")]
        return super().clean(",".join(filter(None, codes)))


class ContactInfoForm(forms.ModelForm):
    """An office. It may become primary although another is: ContactInfoAdmin makes room for it."""

    languages = LanguagesField(
        forms.CharField(max_length=10, validators=[check_language]),
        label=ContactInfo._meta.get_field("languages").verbose_name,
        required=False,
        help_text=ContactInfo._meta.get_field("languages").help_text,
        widget=forms.TextInput({"class": "vTextField"}),
    )

    class Meta:
        widgets = dict.fromkeys(
            [
                f"{name}_{code}"
                for name in ("address", "way_in", "access", "transport", "before", "can", "cannot")
                for code, _name in settings.LANGUAGES
            ],
            forms.Textarea({"rows": 3, **LONG}),
        )

    def _get_validation_exclusions(self):
        return {*super()._get_validation_exclusions(), "primary"}


class PhoneForm(forms.ModelForm):
    """A telephone, with room for its notes."""

    class Meta:
        widgets = dict.fromkeys([*Phone.note.columns, *Phone.not_for.columns], forms.Textarea({"rows": 3, **LONG}))


class ServiceForm(forms.ModelForm):
    """A service, with a line for every document."""

    class Meta:
        widgets = dict.fromkeys(Service.documents.columns, forms.Textarea({"rows": 4, **LONG}))

    def clean_currency(self):
        return self.cleaned_data["currency"].strip().upper()


class OpeningHoursFormSet(forms.BaseInlineFormSet):
    """All opening hours of one office.

    The database's own constraint is not asked: it knows the hours as stored, not as entered.
    """

    def clean(self):
        """Put an error at every span that begins before the one before it has ended."""
        super().clean()
        for earlier, later in pairwise(sorted(self._kept(), key=_start)):
            if _overlap(earlier.cleaned_data, later.cleaned_data):
                message = gettext("This overlaps other hours of the same day: %s.") % earlier.instance
                later.add_error("opens", message)

    def _kept(self):
        valid = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        return [form for form in valid if not form.cleaned_data.get("DELETE")]


class ExceptionalDayFormSet(forms.BaseInlineFormSet):
    """All exceptional days of one office. Django compares no empty channels with each other."""

    def clean(self):
        """Put an error at every day that is entered twice for the same channel."""
        super().clean()
        seen = set()
        for form in self.forms:
            if not form.is_valid() or not form.cleaned_data or form.cleaned_data.get("DELETE"):
                continue
            day = (form.cleaned_data.get("date"), form.cleaned_data.get("channel"))
            if day in seen:
                form.add_error("date", gettext("This day is entered already."))
            seen.add(day)


def _day(data):
    return data["channel"], data["weekday"]


def _start(form):
    return _day(form.cleaned_data), form.cleaned_data["opens"]


def _overlap(earlier, later):
    return _day(earlier) == _day(later) and later["opens"] < earlier["closes"]
