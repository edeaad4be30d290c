"""Remarks, below the form of a message: what colleagues said, and a field for one more."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from press.acts import Refused
from press.models.remark import REMARK_LENGTH
from press.remarks import remark


class RemarkPages:
    """For the admin of a kind: its messages' remarks."""

    def get_urls(self):
        """The address that takes a remark, before Django's own."""
        name = f"press_{self.opts.model_name}_remark"
        view = self.admin_site.admin_view(require_POST(self.remark_view))
        return [path("<int:object_id>/remark/", view, name=name), *super().get_urls()]

    def remark_view(self, request, object_id):
        """Add a remark; who may read the message may say something to it."""
        message = self.message_or_none(request, object_id)
        if message is None:
            return self.not_there(request, object_id)
        try:
            remark(message, request.user, request.POST.get("text", ""))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, gettext("Your remark stands below."), messages.SUCCESS)
        return redirect(f"{self.address_of('change', message)}#remarks")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Below the form: what colleagues said."""
        if obj:
            context |= {
                "remarks": list(obj.remarks.select_related("by")),
                "remark_url": self.address_of("remark", obj),
                "remark_length": REMARK_LENGTH,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
