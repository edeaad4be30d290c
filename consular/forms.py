"""The checks of the offices' forms that only a whole form can make."""

from itertools import pairwise

from django import forms
from django.utils.translation import gettext

from consular.models import Phone


class ContactInfoForm(forms.ModelForm):
    """An office. It may become primary although another is: ContactInfoAdmin makes room for it."""

    def _get_validation_exclusions(self):
        return {*super()._get_validation_exclusions(), "primary"}


class PhoneForm(forms.ModelForm):
    """A telephone, with room for its notes."""

    class Meta:
        widgets = dict.fromkeys(Phone.note.columns, forms.Textarea({"rows": 3, "class": "vLargeTextField"}))


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


def _start(form):
    return form.cleaned_data["weekday"], form.cleaned_data["opens"]


def _overlap(earlier, later):
    return earlier["weekday"] == later["weekday"] and later["opens"] < earlier["closes"]
