"""The bin: into it from a draft's own page, out of it here, or away for good."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.moments import in_host_city
from press.acts import Refused
from press.admin.act_page import ActPage
from press.bin import KEPT, delete_for_good, purge, put_in, take_out
from press.content import content_of
from press.difference import said
from press.forms import PlainForm
from press.models import BinnedMessage
from press.templatetags.office import office_url


class BinPage(ActPage):
    """Put a draft into the bin. It takes the place of Django's page for deleting."""

    name = "delete"
    button = _("Move to the bin")
    form_class = PlainForm

    @staticmethod
    def is_open(state):
        """Drafts only."""
        return state.is_draft

    @classmethod
    def is_allowed(cls, section, request, message):
        """Who may delete."""
        return section.has_delete_permission(request, message)

    def respond(self):
        """Say why a released message is not deleted, to those who could delete a draft. Raises PermissionDenied."""
        if self.message.editions.exists() and self.section.has_delete_permission(self.request):
            sentence = gettext("A message that is released or scheduled is never deleted. Recall or withdraw it.")
            self.section.message_user(self.request, sentence, messages.ERROR)
            return redirect(self.section.address_of("change", self.message))
        return super().respond()

    def sentence(self, moment):
        return gettext("The draft leaves all lists. It can be taken out of the bin until %s; then it is gone.") % (
            in_host_city(self.request.at + KEPT)
        )

    def further(self, moment):
        return []

    def confirmation(self, moment):
        return gettext("Move to the bin")

    def perform(self, seen, asked, moment):
        put_in(self.message, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("“%s” is in the bin.") % self.message

    def news(self, report, edition, moment):
        if not self.request.user.has_perm("press.view_binnedmessage"):
            return report
        address = reverse("admin:press_binnedmessage_change", args=[self.message.pk])
        return format_html('{} <a href="{}">{}</a>', report, address, gettext("Look into the bin"))

    def afterwards(self):
        return reverse(f"admin:press_{self.section.opts.model_name}_changelist")


@admin.register(BinnedMessage)
class BinAdmin(admin.ModelAdmin):
    """What lies in the bin: who may change it takes out, who may delete it deletes for good."""

    list_display = ["title", "kind", "binned_by", "binned", "gone"]
    list_select_related = ["binned_by"]
    list_filter = ["kind"]
    search_fields = ["title"]
    ordering = ["-binned_at", "-pk"]
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        """What can still be taken out."""
        return super().get_queryset(request).filter(binned_at__gt=request.at - KEPT).defer("body")

    @admin.display(description=_("in the bin since"), ordering="binned_at")
    def binned(self, message):
        """Since when, in the host city's time."""
        return in_host_city(message.binned_at)

    @admin.display(description=_("gone on"), ordering="binned_at")
    def gone(self, message):
        """Until when, in the host city's time."""
        return in_host_city(message.binned_at + KEPT)

    def has_add_permission(self, request):
        """A draft comes here from its own page."""
        return False

    def get_urls(self):
        """Nothing but the list and one page for a message."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="press_binnedmessage_changelist"),
            path("<int:object_id>/change/", view(self.message_view), name="press_binnedmessage_change"),
        ]

    def changelist_view(self, request, extra_context=None):
        """The list, rid of what is past its time."""
        purge()
        # Nothing in it is changed.
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def message_view(self, request, object_id):
        """One message: what it says, and what can be done with it. Raises PermissionDenied."""
        message = self.get_object(request, str(object_id))
        if not self.has_view_or_change_permission(request, message):
            raise PermissionDenied
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        if request.method == "POST":
            return self._act(request, message)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": message,
            "title": gettext("In the bin"),
            "subtitle": str(message),
            "gone_on": in_host_city(message.binned_at + KEPT),
            "said": said(content_of(message)),
            "may_restore": self.has_change_permission(request, message),
            "may_delete": self.has_delete_permission(request, message),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/press/binned.html", context)

    def _act(self, request, message):
        """Take it out or delete it for good, as the button says; tell what happened."""
        try:
            if "restore" in request.POST:
                return self._take_out(request, message)
            return self._delete(request, message)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:press_binnedmessage_changelist")

    def _take_out(self, request, message):
        if not self.has_change_permission(request, message):
            raise PermissionDenied
        message = take_out(message, request.user)
        self.message_user(request, gettext("“%s” is a draft again.") % message, messages.SUCCESS)
        return redirect(office_url(message))

    def _delete(self, request, message):
        if not self.has_delete_permission(request, message):
            raise PermissionDenied
        if request.POST.get("sure") != "yes":
            self.message_user(request, gettext("Tick that nobody can bring it back, then delete."), messages.ERROR)
            return redirect("admin:press_binnedmessage_change", message.pk)
        self.log_deletions(request, self.model.objects.filter(pk=message.pk))
        delete_for_good(message)
        self.message_user(request, gettext("“%s” is deleted for good.") % message, messages.SUCCESS)
        return redirect("admin:press_binnedmessage_changelist")
