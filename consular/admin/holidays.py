"""One screen on which an officer goes through a year and decides on which days an office is closed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.models import ConfirmedYear, ExceptionalDay
from consular.suggestions import suggestions
from embassy import clock

# Holidays are known that far; nobody plans further.
YEARS = 3


class DayForm(forms.ModelForm):
    """A day of the year: whether it is different, and how."""

    different = forms.BooleanField(label=_("Closed or other hours"), required=False)

    class Meta:
        model = ExceptionalDay
        fields = ("hours", "reason_en", "reason_ru")

    def __init__(self, *args, of=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.of = of
        self.fields["different"].initial = not self.instance._state.adding
        day = date_format(self.instance.date, "j E Y")
        for name, field in self.fields.items():
            # The table's headings are no labels of its fields.
            field.widget.attrs["aria-label"] = f"{day}: {field.label}"
            if name != "different":
                field.required = False

    def clean(self):
        """A day that is different has its reason in every language."""
        cleaned = super().clean()
        if cleaned.get("different"):
            for name in ExceptionalDay.reason.columns:
                if not cleaned.get(name):
                    self.add_error(name, gettext("This field is required."))
        return cleaned

    def _post_clean(self):
        # What is not different is not looked at.
        if self.cleaned_data.get("different"):
            super()._post_clean()

    def keep(self):
        """Do what was decided."""
        if self.cleaned_data["different"]:
            self.save()
        elif not self.instance._state.adding:
            self.instance.delete()


def forms_of(office, year, data=None):
    """A DayForm for every holiday of `year` and for every other day that is different already, in their order."""
    stored = {day.date: day for day in office.exceptions.filter(channel=None, date__year=year)}
    suggested = {suggestion.date: suggestion for suggestion in suggestions(year)}
    known = _known_words(office)
    found = []
    for day in sorted(stored.keys() | suggested.keys()):
        suggestion = suggested.get(day)
        instance = stored.get(day) or ExceptionalDay(contact=office, date=day)
        initial = {}
        if suggestion and instance._state.adding:
            initial = {f"reason_{code}": name for code, name in suggestion.names.items()}
            initial |= known.get(initial["reason_en"], {})
        of = suggestion.of if suggestion else []
        found.append(DayForm(data, instance=instance, initial=initial, prefix=f"{day:%Y%m%d}", of=of))
    return found


def _known_words(office):
    """How the office put the same holidays before: the package does not know every name in every language."""
    before = office.exceptions.filter(channel=None).order_by("date")
    return {day.reason_en: {name: getattr(day, name) for name in ExceptionalDay.reason.columns} for day in before}


def first_unconfirmed(office, today):
    """The first year from today's on that nobody has gone through; the last one that can be, if all were."""
    confirmed = set(office.confirmed_years.values_list("year", flat=True))
    years = range(today.year, today.year + YEARS)
    return next((year for year in years if year not in confirmed), years[-1])


def holidays_page(section, request, office, watched):
    """The screen, and what is decided on it; `watched` makes another version of the facts. Raises PermissionDenied."""
    if not section.has_change_permission(request, office):
        raise PermissionDenied
    today = clock.host_date(request.at)
    years = range(today.year, today.year + YEARS)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in map(str, years) else first_unconfirmed(office, today)
    days = forms_of(office, year, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all([day.is_valid() for day in days]):  # noqa: C419 — every form shows its errors
        with watched(request):
            _decide(office, year, days, request.user)
        section.log_change(request, office, gettext("Closed days of %s confirmed.") % year)
        sentence = gettext("The closed days of %s are confirmed. Readers see them when the facts are released.") % year
        section.message_user(request, sentence, messages.SUCCESS)
        return redirect(reverse("admin:consular_contactinfo_change", args=[office.pk]))
    confirmed = office.confirmed_years.filter(year=year).select_related("by").first()
    context = {
        **section.admin_site.each_context(request),
        "opts": section.opts,
        "original": office,
        "title": gettext("Closed days of %s") % year,
        "year": year,
        "years": years,
        "days": days,
        "has_errors": any(day.errors for day in days),
        "confirmed": confirmed,
    }
    request.current_app = section.admin_site.name
    return TemplateResponse(request, "admin/consular/holidays.html", context)


@transaction.atomic
def _decide(office, year, days, by):
    for day in days:
        day.keep()
    ConfirmedYear.objects.update_or_create(contact=office, year=year, defaults={"by": by, "at": clock.database_now()})
