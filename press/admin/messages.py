"""The three sections of the office, one for each kind of message."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.moments import in_host_city
from press.admin.acts import ACTS
from press.admin.bin import BinPage
from press.admin.conflict import ConflictPages
from press.admin.files import FilePages
from press.admin.filters import AuthorFilter, StateFilter
from press.admin.long_lists import BoundedPaginator
from press.admin.preview import preview
from press.admin.remarks import RemarkPages
from press.admin.unsaved import UnsavedPages, reopening
from press.admin.versions import RestorePage, VersionPages
from press.admin.writing import WritingMixin
from press.editor import EditorAdminMixin
from press.forms import ExchangeForm, MessageForm, PartForm, PartFormSet
from press.history import record
from press.models import Event, Exchange, PressRelease, QandA, Signatory, Statement
from press.models.edition import LONG_COLUMNS
from press.state import state_of, states_of
from press.versions import grown, has_fixed_language, keep

# The browser's own date field: one input, one label.
DATE_WIDGETS = {models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}}


class MessageChangeList(ChangeList):
    """A list whose messages know their states, without their long texts."""

    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).defer("body")

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        states = states_of(self.result_list, request.at)
        for message in self.result_list:
            message.state = states[message.pk]


class MessageAdmin(
    UnsavedPages,
    ConflictPages,
    RemarkPages,
    VersionPages,
    FilePages,
    WritingMixin,
    EditorAdminMixin,
    admin.ModelAdmin,
):
    """What the sections have in common."""

    form = MessageForm
    formfield_overrides = DATE_WIDGETS
    change_form_template = "admin/press/change_form.html"
    list_display = ["title", "state_in_words", "language", "readers_date", "author_name", "changed"]
    list_filter = [StateFilter, "language", AuthorFilter]
    list_select_related = ["author"]
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    date_hierarchy = "published_on"
    search_fields = ["title", "slug", "teaser", "body"]
    # A message goes one by one, after its own page has told what that means.
    actions = None

    def get_changelist(self, request, **kwargs):
        return MessageChangeList

    @admin.display(description=_("state"))
    def state_in_words(self, message):
        """Where the message stands."""
        return message.state.words

    @admin.display(description=_("author"), ordering="author__username")
    def author_name(self, message):
        """Who began it, by name."""
        return message.author.get_full_name() or message.author.get_username()

    @admin.display(description=_("reader’s date"), ordering="published_on", empty_value="–")
    def readers_date(self, message):
        """The date readers see, or will."""
        return message.published_on and date_format(message.published_on, "j E Y")

    @admin.display(description=_("last changed"), ordering="changed_at")
    def changed(self, message):
        """When its content was last changed, in the host city's time."""
        return in_host_city(message.changed_at)

    def get_object(self, request, object_id, from_field=None):
        """The message; locked where a form comes in, so that two saves or acts follow each other."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            list(self.model.objects.filter(pk=_key(object_id)).select_for_update().values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def get_readonly_fields(self, request, obj=None):
        """The language belongs to the address, and to a link with a translation: it is fixed once there is one."""
        if obj and not hasattr(obj, "keeps_language"):
            # Django asks several times for one page.
            obj.keeps_language = has_fixed_language(obj)
        return ["language"] if obj and obj.keeps_language else []

    def has_delete_permission(self, request, obj=None):
        """What has been released, or will be, is never deleted."""
        if not super().has_delete_permission(request, obj):
            return False
        # The form's page has looked them up already.
        state = getattr(obj, "state", None)
        return not (obj and (obj.editions.exists() if state is None else not state.is_draft))

    def view_on_site(self, message):
        """The address of the edition that stands, or None."""
        # The form's page has looked it up already.
        state = getattr(message, "state", None) or state_of(message, clock.now())
        standing = state.standing
        return standing and standing.get_absolute_url()

    def save_model(self, request, obj, form, change):
        """Save the message; a new one gets its kind and its author."""
        if not change:
            obj.kind = self.model.KIND
            obj.author = obj.changed_by = request.user
            obj.created_at = obj.changed_at = clock.database_now()
        super().save_model(request, obj, form, change)
        if not change:
            record(obj, Event.What.WRITTEN, request.user, obj.created_at)

    def save_related(self, request, form, formsets, change):
        """Save the parts; the version grows, and is kept, if message or parts now say something else."""
        super().save_related(request, form, formsets, change)
        message = form.instance
        if not change:
            keep(message)
        elif form.has_new_content:
            grown(message, request.user, clock.database_now())
            record(message, Event.What.CHANGED, request.user, message.changed_at)
        self.forget_unsaved(request, message)

    def log_change(self, request, obj, message):
        """Keep a change in the history; saving what is there already is none."""
        return super().log_change(request, obj, message) if message else None

    def get_urls(self):
        """The pages of the acts, before Django's own."""
        pages = [
            path(
                f"<int:object_id>/{act.name}/",
                self.admin_site.admin_view(self.act_view),
                {"act": act},
                name=f"press_{self.opts.model_name}_{act.name}",
            )
            for act in (*ACTS, BinPage, RestorePage)
        ]
        shown = path(
            "<int:object_id>/preview/",
            self.admin_site.admin_view(self.preview_view),
            name=f"press_{self.opts.model_name}_preview",
        )
        return [shown, *pages, *super().get_urls()]

    def preview_view(self, request, object_id):
        """The draft as its page will be."""
        message = self.message_or_none(request, object_id)
        return preview(request, message) if message else self.not_there(request, object_id)

    def act_view(self, request, object_id, act):
        """The confirmation page of an act."""
        message = self.message_or_none(request, object_id)
        return act(self, request, message).respond() if message else self.not_there(request, object_id)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Beside the form: the state, the buttons, the editions."""
        if obj:
            obj.state = state = state_of(obj, request.at)
            context |= {
                "state": state,
                "tools": self.tools(request, obj, state),
                "events": obj.events.select_related("by"),
                "editions": obj.editions.select_related("author", "releaser").defer(*LONG_COLUMNS).order_by("-number"),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def state_of(self, message, at):
        """Where the message stands at the aware moment `at`."""
        return state_of(message, at)

    def tools(self, request, message, state):
        """The buttons of the message: (label, address), those of the acts that are open to this officer now."""
        acts = [act for act in ACTS if act.is_open(state) and act.is_allowed(self, request, message)]
        shown = [(gettext("Preview"), self.address_of("preview", message))]
        shown += self.files_tool(request, message)
        return shown + [(act.button, self.address_of(act.name, message)) for act in acts]

    def address_of(self, page, message):
        """The address of a page of this section on `message`."""
        return reverse(f"admin:press_{self.opts.model_name}_{page}", args=[message.pk])

    def message_or_none(self, request, object_id):
        """The message, for those who may see it. Raises PermissionDenied."""
        message = self.get_object(request, str(object_id))
        if not self.has_view_or_change_permission(request, message):
            raise PermissionDenied
        return message

    def not_there(self, request, object_id):
        """Where Django sends those who look for what is gone."""
        return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))


def _key(text):
    return int(text) if text.isdecimal() and len(text) < 19 else None


class PartInline(admin.StackedInline):
    """Stacked, so that every field has a label of its own."""

    fk_name = "message"
    form = PartForm
    formset = PartFormSet

    def get_extra(self, request, obj=None, **kwargs):
        """One to begin with."""
        return 0 if obj else 1

    def get_formset(self, request, obj=None, **kwargs):
        """As it was posted, where an unsaved text is reopened."""
        return reopening(request, super().get_formset(request, obj, **kwargs))


class ExchangeInline(PartInline):
    model = Exchange
    form = ExchangeForm
    fields = ["place", "question", "answer"]


class SignatoryInline(PartInline):
    model = Signatory
    fields = ["place", "on_behalf_of", "name", "office"]


TEXT = ["title", "language", "teaser", "body", "topics", "slug", "opened_version", "unsaved_token"]


@admin.register(PressRelease)
class PressReleaseAdmin(MessageAdmin):
    """Press releases."""

    fieldsets = [(None, {"fields": TEXT})]


@admin.register(Statement)
class StatementAdmin(MessageAdmin):
    """Statements, with those who sign them."""

    fieldsets = [(None, {"fields": TEXT}), (_("Signing"), {"fields": ["signed_in", "signed_on"]})]
    search_fields = [*MessageAdmin.search_fields, "signatories__on_behalf_of", "signatories__name"]
    inlines = [SignatoryInline]


@admin.register(QandA)
class QandAAdmin(MessageAdmin):
    """Questions and answers."""

    fieldsets = [(None, {"fields": TEXT})]
    search_fields = [*MessageAdmin.search_fields, "exchanges__question", "exchanges__answer"]
    inlines = [ExchangeInline]
