"""The offices in the admin: one form for all that readers are told of an office."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.forms import ContactInfoForm, OpeningHoursFormSet, PhoneForm
from consular.models import Closure, ContactInfo, EmailAddress, OpeningHours, Phone


class Inline(admin.StackedInline):
    """Stacked, so that every field has a label of its own; the browser's own date and time fields."""

    extra = 0
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")},
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    }


class PhoneInline(Inline):
    model = Phone
    form = PhoneForm
    fields = [
        "number",
        ("purpose_en", "purpose_ru"),
        ("note_en", "note_ru"),
        ("is_emergency", "order"),
    ]


class EmailAddressInline(Inline):
    model = EmailAddress
    fields = ["address", ("purpose_en", "purpose_ru"), "order"]


class OpeningHoursInline(Inline):
    model = OpeningHours
    formset = OpeningHoursFormSet
    fields = [("weekday", "opens", "closes")]


class ClosureInline(Inline):
    model = Closure
    classes = ["collapse"]
    fields = ["date", ("reason_en", "reason_ru")]


@admin.register(ContactInfo)
class ContactInfoAdmin(admin.ModelAdmin):
    """What is saved here is public at once."""

    form = ContactInfoForm
    list_display = ["__str__", "kind", "primary"]
    list_filter = ["kind"]
    search_fields = ["name_en", "name_ru"]
    fieldsets = [
        (None, {"fields": ["kind", "primary", ("name_en", "name_ru")]}),
        (_("Address"), {"fields": [("address_en", "address_ru")]}),
    ]
    inlines = [PhoneInline, EmailAddressInline, OpeningHoursInline, ClosureInline]

    def save_model(self, request, obj, form, change):
        """Save the office; where it becomes primary, another stops being so in the same transaction."""
        if obj.primary:
            for other in ContactInfo.objects.yield_primary(obj):
                self.log_change(request, other, gettext("No longer primary."))
                self.message_user(request, gettext("“%s” is no longer primary.") % other)
        super().save_model(request, obj, form, change)
