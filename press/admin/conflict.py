"""A save that comes too late: both texts side by side, and the way to put them together."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext

from press import unsaved
from press.admin.versions import number_of
from press.merging import MINE, THEIRS, clashes_of, merge


class ConflictPages:
    """For the admin of a kind: what happens to a form that was opened before a colleague saved."""

    def get_urls(self):
        """The page on which two texts are put together, before Django's own."""
        view, name = self.admin_site.admin_view(self.conflict_view), f"press_{self.opts.model_name}_conflict"
        return [path("<int:object_id>/conflict/", view, name=name), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """As Django; what was opened before somebody else saved is kept, and both texts are shown."""
        opened = number_of(request.POST.get("opened_version")) if request.method == "POST" and object_id else 0
        if not opened:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # The lock on the message goes on to the save.
        with transaction.atomic():
            message = self.get_object(request, object_id)
            if message and opened < message.version and self.has_change_permission(request, message):
                row = unsaved.keep_last(request.user, self.model.KIND, message, request.POST)
                return redirect(f"{self.address_of('conflict', message)}?unsaved={row.token}")
            return super().changeform_view(request, object_id, form_url, extra_context)

    def conflict_view(self, request, object_id):
        """Both texts, field by field; what is chosen is put together and opened as a form. Raises PermissionDenied."""
        with transaction.atomic():
            message = self.get_object(request, str(object_id))
            if not self.has_change_permission(request, message):
                raise PermissionDenied
            if message is None:
                return self.not_there(request, object_id)
            token = request.GET.get("unsaved")
            row = unsaved.find(request.user, self.model.KIND, message, token, request.at)
            if row is None:
                return redirect(self.address_of("change", message))
            return self._put_together(request, message, row)

    def _put_together(self, request, message, row):
        clashes = clashes_of(row, message)
        chosen = {clash.name: request.POST.get(f"keep-{clash.name}") for clash in clashes}
        seen = request.method == "POST" and number_of(request.POST.get("seen")) == message.version
        if seen and all(choice in {MINE, THEIRS} for choice in chosen.values()):
            theirs = {name for name, choice in chosen.items() if choice == THEIRS}
            unsaved.rewrite(row, merge(row, message, theirs))
            return redirect(f"{self.address_of('change', message)}?unsaved={row.token}")
        return self._conflict_page(request, message, row, clashes, chosen, seen)

    def _conflict_page(self, request, message, row, clashes, chosen, seen):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": message,
            "title": gettext("Two texts"),
            "subtitle": str(message),
            "change_url": self.address_of("change", message),
            "row": row,
            "choices": [(clash, chosen[clash.name] or clash.proposed) for clash in clashes],
            "incomplete": seen,
            "outdated": request.method == "POST" and not seen,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/press/conflict.html", context)
