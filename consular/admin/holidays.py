"""One screen on which an officer goes through a year and decides on which days an office is closed."""

import re
from datetime import datetime

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

from consular import form_texts
from consular.admin.stale import carried, saver_of, two_texts
from consular.models import ConfirmedYear, ExceptionalDay
from consular.suggestions import suggestions
from embassy import clock

# Holidays are known that far; nobody plans further.
YEARS = 3
POSTED_DAY = re.compile(r"(\d{8})-[a-z_]+")


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

    @property
    def text(self):
        """What it says (consular.form_texts): nothing of a day like any other."""
        rows = [self] if form_texts.sent(self["different"]) else []
        return form_texts.text_of_rows(date_format(self.instance.date, "j E Y"), rows, has_keys=False)

    def keep(self):
        """Do what was decided."""
        if self.cleaned_data["different"]:
            self.save()
        elif not self.instance._state.adding:
            self.instance.delete()


def forms_of(office, year, data=None, posted=()):
    """A DayForm for every holiday of `year`, and for every other day that is different already or was `posted`."""
    stored = {day.date: day for day in office.exceptions.filter(channel=None, date__year=year)}
    suggested = {suggestion.date: suggestion for suggestion in suggestions(year)}
    known = _known_words(office)
    found = []
    for day in sorted(stored.keys() | suggested.keys() | set(posted)):
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
    wanted = request.GET.get("year", "")
    is_known = wanted in map(str, _years(request))
    year = int(wanted) if is_known else first_unconfirmed(office, clock.host_date(request.at))
    if request.method != "POST":
        days = forms_of(office, year)
        return _screen(section, request, office, year, days, form_texts.signed(form_texts.values_of(_texts_of(days))))
    with watched(request):
        return _answer(section, request, office, year)


def _answer(section, request, office, year):
    """What was posted is decided; unless a colleague has changed these days since the screen was opened."""
    posted = _posted_days(request.POST, year)
    days = forms_of(office, year, request.POST, posted)
    saved = forms_of(office, year, None, posted)
    mine, theirs = _texts_of(days), _texts_of(saved)
    texts = two_texts(request, mine, theirs)
    if texts and not texts.is_decided:
        return texts.page(section, request, office, request.get_full_path(), saver_of(office), carried(request))
    if texts:
        fields = _put_together(request.POST, saved, texts.theirs)
        opened = form_texts.signed(form_texts.values_of(theirs))
        return _screen(section, request, office, year, forms_of(office, year, fields, posted), opened, True)
    if not all([day.is_valid() for day in days]):  # noqa: C419 — every form shows its errors
        return _screen(section, request, office, year, days, request.POST.get("opened", ""))
    _decide(office, year, days, request.user)
    section.log_change(request, office, gettext("Closed days of %s confirmed.") % year)
    sentence = gettext("The closed days of %s are confirmed. Readers see them when the facts are released.") % year
    section.message_user(request, sentence, messages.SUCCESS)
    return redirect(reverse("admin:consular_contactinfo_change", args=[office.pk]))


def _posted_days(data, year):
    """The days of `year` that a form of the screen had: a colleague may have made one of them like any other."""
    named = {found[1] for found in map(POSTED_DAY.fullmatch, data) if found}
    days = [_day(text) for text in named]
    return [day for day in days if day and day.year == year]


def _day(text):
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None


def _texts_of(days):
    return {day.prefix: day.text for day in days}


def _put_together(posted, saved, taken):
    """The `posted` fields with what is `saved` of the days `taken`."""
    fields = posted.copy()
    for day in saved:
        for field in day if day.prefix in taken else ():
            fields[field.html_name] = form_texts.sent(field)
    return fields


def _screen(section, request, office, year, days, opened, is_put_together=False):
    """The page with the forms of the `days`; `opened` is what they said at the beginning, signed."""
    confirmed = office.confirmed_years.filter(year=year).select_related("by").first()
    context = {
        **section.admin_site.each_context(request),
        "opts": section.opts,
        "original": office,
        "title": gettext("Closed days of %s") % year,
        "year": year,
        "years": _years(request),
        "days": days,
        "opened": opened,
        "is_put_together": is_put_together,
        "has_errors": not is_put_together and any(day.errors for day in days),
        "confirmed": confirmed,
    }
    request.current_app = section.admin_site.name
    return TemplateResponse(request, "admin/consular/holidays.html", context)


def _years(request):
    today = clock.host_date(request.at)
    return range(today.year, today.year + YEARS)


@transaction.atomic
def _decide(office, year, days, by):
    for day in days:
        day.keep()
    ConfirmedYear.objects.update_or_create(contact=office, year=year, defaults={"by": by, "at": clock.database_now()})
