"""What the form of a message offers beside its fields: the way to the release, the preview, the policy for it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext

from press.admin.acts import CorrectPage, ReleasePage
from press.state import state_of


class WritingMixin:
    """For the ModelAdmin of messages: "Save and go to release", and the preview beside the form."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Say what the templates beside the form need."""
        context |= {
            "may_go_to_release": request.user.has_perm(ReleasePage.permission)
            and (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)),
            "preview_url": self.address_of("preview", obj) if obj else "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request, obj):
        """Where to go from a new message."""
        return self._to_release(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        """Where to go from a saved message."""
        return self._to_release(request, obj) or super().response_post_save_change(request, obj)

    def _to_release(self, request, obj):
        """The page that releases what is saved, if that was asked for; the form, where there is nothing to release."""
        if "_release" not in request.POST:
            return None
        state = state_of(obj, request.at)
        for act in (ReleasePage, CorrectPage):
            if act.is_open(state) and act.is_allowed(self, request, obj):
                return redirect(self.address_of(act.name, obj))
        self.message_user(
            request, gettext("Readers see this text already: there is nothing to release."), messages.INFO
        )
        return redirect(self.address_of("change", obj))
