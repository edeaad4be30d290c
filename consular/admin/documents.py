"""What the admin of every consular document has in common: its state, its buttons, its history."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse

from consular.state import state_of


class DocumentAdmin(admin.ModelAdmin):
    """A document with a chain of editions; `acts` are the pages of what can be done with it."""

    acts = ()
    actions = None

    def has_delete_permission(self, request, obj=None):
        """What has been released, or will be, is never deleted."""
        return super().has_delete_permission(request, obj) and not (obj and obj.editions.exists())

    def get_urls(self):
        """The pages of the acts, before Django's own."""
        pages = [
            path(
                f"<int:object_id>/{act.name}/",
                self.admin_site.admin_view(self.act_view),
                {"act": act},
                name=f"consular_{self.opts.model_name}_{act.name}",
            )
            for act in self.acts
        ]
        return [*pages, *super().get_urls()]

    def act_view(self, request, object_id, act):
        """The confirmation page of an act. Raises PermissionDenied."""
        document = self.get_object(request, str(object_id))
        if not self.has_view_or_change_permission(request, document):
            raise PermissionDenied
        if document is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        return act(self, request, document).respond()

    def state_of(self, document, at):
        """Where the document stands at the aware moment `at`."""
        return state_of(document, at)

    def address_of(self, page, document):
        """The address of a page of this section on `document`."""
        return reverse(f"admin:consular_{self.opts.model_name}_{page}", args=[document.pk])

    def beside(self, request, document):
        """What a template shows beside the document: its state, buttons, editions and history."""
        state = self.state_of(document, request.at)
        return {
            "state": state,
            "tools": [
                (act.button, self.address_of(act.name, document))
                for act in self.acts
                if act.is_open(state) and act.is_allowed(self, request, document)
            ],
            "editions": document.editions.select_related("releaser", "approver").order_by("-number"),
            "events": document.events.select_related("by"),
        }

    def log_change(self, request, obj, message):
        """Keep a change in the history; saving what is there already is none."""
        return super().log_change(request, obj, message) if message else None
