"""The consular facts as one document: what is different from what readers see, what has grown old, what was done."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext

from consular.admin.acts import FACTS_ACTS
from consular.admin.documents import DocumentAdmin
from consular.changes import changes
from consular.content import content_of
from consular.freshness import confirm, facts_at
from consular.models import Facts
from embassy import clock


@admin.register(Facts)
class FactsAdmin(DocumentAdmin):
    """There is one document, so its list is its page; its working copy is written under "Offices"."""

    acts = FACTS_ACTS

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        """With the page on which a fact is confirmed."""
        confirm_page = path(
            "<int:object_id>/confirm/", self.admin_site.admin_view(self.confirm_view), name="consular_facts_confirm"
        )
        return [confirm_page, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The page of the one document. Raises PermissionDenied."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(self.address_of("change", Facts.objects.current()))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """All that is to know and to do of the facts. Raises PermissionDenied."""
        facts = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, facts):
            raise PermissionDenied
        if facts is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        beside = self.beside(request, facts)
        live = beside["state"].live
        today = clock.host_date(request.at)
        context = {
            **self.admin_site.each_context(request),
            **beside,
            "opts": self.opts,
            "original": facts,
            "title": str(self.opts.verbose_name).capitalize(),
            "changes": changes(live and live.content, content_of(facts), facts.kind),
            "is_first": live is None,
            "checks": [(fact, fact.is_stale(today)) for fact in facts_at(request.at)],
            "may_confirm": self.has_change_permission(request, facts),
            "confirm_url": self.address_of("confirm", facts),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/consular/facts.html", context)

    def confirm_view(self, request, object_id):
        """Keep that this officer checked a fact today. Raises PermissionDenied."""
        facts = self.get_object(request, str(object_id))
        if facts is None or not self.has_change_permission(request, facts):
            raise PermissionDenied
        chosen = (request.POST.get("what"), request.POST.get("value"))
        if request.method == "POST" and chosen in {(fact.what, fact.value) for fact in facts_at(request.at)}:
            confirm(*chosen, by=request.user, today=clock.host_date(clock.database_now()))
            self.message_user(request, gettext("Checked today: %s") % chosen[1], messages.SUCCESS)
        return redirect(self.address_of("change", facts))
