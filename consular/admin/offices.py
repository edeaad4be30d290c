"""The offices in the admin: one form for the working copy of all that readers are told of an office."""

from contextlib import contextmanager

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.acts import record
from consular.admin.holidays import holidays_page
from consular.admin.stale import StaleSaves
from consular.content import content_of
from consular.forms import ContactInfoForm, ExceptionalDayFormSet, OpeningHoursFormSet, PhoneForm, ServiceForm
from consular.models import ContactInfo, EmailAddress, Event, ExceptionalDay, Facts, OpeningHours, Phone, Service
from consular.state import state_of


class Inline(admin.StackedInline):
    """Stacked, so that every field has a label of its own; the browser's own date and time fields."""

    extra = 0
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")},
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
        models.URLField: {"assume_scheme": "https"},
    }


class PhoneInline(Inline):
    model = Phone
    form = PhoneForm
    fields = [
        "number",
        ("purpose_en", "purpose_ru"),
        ("answered_en", "answered_ru"),
        ("note_en", "note_ru"),
        ("not_for_en", "not_for_ru"),
        ("is_emergency", "order"),
        "owner",
    ]


class EmailAddressInline(Inline):
    model = EmailAddress
    fields = ["address", ("purpose_en", "purpose_ru"), ("reply_en", "reply_ru"), "order", "owner"]


class OpeningHoursInline(Inline):
    model = OpeningHours
    formset = OpeningHoursFormSet
    classes = ["collapse"]
    fields = [("channel", "weekday", "opens", "closes")]


class ExceptionalDayInline(Inline):
    model = ExceptionalDay
    formset = ExceptionalDayFormSet
    classes = ["collapse"]
    fields = [("date", "channel", "hours"), ("reason_en", "reason_ru")]


class ServiceInline(Inline):
    model = Service
    form = ServiceForm
    classes = ["collapse"]
    fields = [
        ("name_en", "name_ru"),
        ("documents_en", "documents_ru"),
        ("fee", "currency"),
        ("time_en", "time_ru"),
        ("appointment", "booking_url"),
        "order",
    ]


@admin.register(ContactInfo)
class ContactInfoAdmin(StaleSaves, admin.ModelAdmin):
    """The working copy: what is saved here is public only when the consular facts are released."""

    form = ContactInfoForm
    change_form_template = "admin/consular/office_form.html"
    change_list_template = "admin/consular/office_list.html"
    list_display = ["__str__", "kind", "primary"]
    list_filter = ["kind"]
    search_fields = ["name_en", "name_ru"]
    actions = None
    fieldsets = [
        (None, {"fields": ["kind", "primary", ("name_en", "name_ru"), "languages"]}),
        (
            _("Address"),
            {
                "fields": [
                    ("address_en", "address_ru"),
                    "address_owner",
                    ("way_in_en", "way_in_ru"),
                    ("access_en", "access_ru"),
                    ("transport_en", "transport_ru"),
                ]
            },
        ),
        (
            _("What visitors should know"),
            {"fields": [("before_en", "before_ru"), ("can_en", "can_ru"), ("cannot_en", "cannot_ru")]},
        ),
    ]
    inlines = [PhoneInline, EmailAddressInline, OpeningHoursInline, ExceptionalDayInline, ServiceInline]

    def address_of(self, page, office):
        """The address of a page of this section on `office`."""
        return reverse(f"admin:consular_contactinfo_{page}", args=[office.pk])

    def save_model(self, request, obj, form, change):
        """Save the office; where it becomes primary, another stops being so in the same transaction."""
        if obj.primary:
            for other in ContactInfo.objects.yield_primary(obj):
                self.log_change(request, other, gettext("No longer primary."))
                self.message_user(request, gettext("“%s” is no longer primary.") % other)
        super().save_model(request, obj, form, change)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; what it changes makes another version of the facts."""
        with watched(request):
            context = {**(extra_context or {}), **beside(request)}
            return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        """Deleting an office changes the facts too."""
        with watched(request):
            return super().delete_view(request, object_id, extra_context)

    def get_urls(self):
        """With the screen on which a year's closed days are confirmed."""
        page = path(
            "<int:object_id>/holidays/",
            self.admin_site.admin_view(self.holidays_view),
            name="consular_contactinfo_holidays",
        )
        return [page, *super().get_urls()]

    def holidays_view(self, request, object_id):
        """The screen on which a year's closed days are confirmed."""
        office = self.get_object(request, str(object_id))
        if office is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        return holidays_page(self, request, office, watched)

    def changelist_view(self, request, extra_context=None):
        """The list, with where the facts stand."""
        return super().changelist_view(request, {**(extra_context or {}), **beside(request)})


def beside(request):
    """Where the facts stand, for the templates of the offices."""
    facts = Facts.objects.current()
    return {"facts": facts, "state": state_of(facts, request.at)}


@contextmanager
def watched(request):
    """A transaction, for a form that was sent; what changes the facts within it makes another version of them."""
    if request.method != "POST":
        yield
        return
    with transaction.atomic():
        # Under the lock, so that of two officers who save at once the later one compares with what the earlier left.
        facts = Facts.objects.select_for_update().get(pk=Facts.objects.current().pk)
        before = content_of(facts)
        yield
        if content_of(facts) != before:
            facts.note_change(request.user)
            record(facts, Event.What.CHANGED, request.user, facts.changed_at)
