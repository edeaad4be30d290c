"""A save that comes too late: both texts side by side, and the way to put them together."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import path

from embassy.two_texts import TwoTexts
from press import unsaved
from press.admin.versions import number_of
from press.merging import clashes_of, merge


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
        texts = TwoTexts(clashes_of(row, message), str(message.version), request.POST)
        change_url = self.address_of("change", message)
        if texts.is_decided:
            unsaved.rewrite(row, merge(row, message, texts.theirs))
            return redirect(f"{change_url}?unsaved={row.token}")
        return texts.page(self, request, message, change_url, (message.changed_by, message.changed_at))
