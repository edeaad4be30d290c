"""Urgent notices in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from consular.acts import record
from consular.admin.acts import NOTICE_ACTS
from consular.admin.documents import DocumentAdmin
from consular.admin.stale import StaleSaves
from consular.content import content_of
from consular.models import Event, Notice
from consular.state import states_of
from embassy import clock
from embassy.moment_field import MomentField


class NoticeForm(forms.ModelForm):
    """A notice; its end is typed in the host city's time."""

    ends_at = MomentField(label=_("Ends"), help_text=_("It disappears by itself at this time of the host city."))

    class Meta:
        widgets = dict.fromkeys(Notice.text.columns, forms.Textarea({"rows": 3, "class": "vLargeTextField"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Before what was entered is put on the instance.
        is_stored = self.is_bound and not self.instance._state.adding
        self.content_before = content_of(self.instance) if is_stored else None


class NoticeChangeList(ChangeList):
    """A list whose notices know their states."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        for state in states_of(self.result_list, request.at):
            state.document.state = state


@admin.register(Notice)
class NoticeAdmin(StaleSaves, DocumentAdmin):
    """Drafts of notices: readers see one only when it is released."""

    form = NoticeForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    acts = NOTICE_ACTS
    change_form_template = "admin/consular/document_form.html"
    list_display = ["__str__", "level", "state_in_words", "ends_at"]
    list_filter = ["level"]
    fields = ["level", "text_en", "text_ru", "ends_at", "url"]

    def get_changelist(self, request, **kwargs):
        return NoticeChangeList

    @admin.display(description=_("state"))
    def state_in_words(self, notice):
        """Where the notice stands."""
        return notice.state.words

    def save_model(self, request, obj, form, change):
        """Save the notice; one that now says something else gets another version, and its approval is void."""
        if not change:
            obj.changed_by, obj.changed_at = request.user, clock.database_now()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            # None: it is new.
            if form.content_before == content_of(obj):
                return
            if change:
                obj.note_change(request.user)
            record(obj, Event.What.CHANGED, request.user, obj.changed_at)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Beside the form: the state, the buttons, the history."""
        if obj:
            context |= self.beside(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)
