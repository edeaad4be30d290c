"""Autosave in the office: the address a form's script sends to, the offer of what was not saved, who is here too."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from embassy.moments import in_host_city
from embassy.reopened import reopened_form, reopened_formset
from press import presence, unsaved
from press.posted import as_querydict


def reopening(request, formset_class):
    """`formset_class`, or one that shows the unsaved rows if this request reopens them."""
    fields = getattr(request, "reopened", None)
    return formset_class if fields is None else reopened_formset(formset_class)


class UnsavedPages:
    """For the admin of a kind: what an officer has typed into its forms and not saved."""

    def get_urls(self):
        """The addresses for forms of new messages and of stored ones, before Django's own."""
        view, name = self.admin_site.admin_view, f"press_{self.opts.model_name}"
        return [
            path("unsaved/", view(self.unsaved_view), name=f"{name}_unsaved_new"),
            path("<int:object_id>/unsaved/", view(self.unsaved_view), name=f"{name}_unsaved"),
            *super().get_urls(),
        ]

    def unsaved_view(self, request, object_id=None):
        """Keep what a form's script sends; tell it who is signed in, and what has happened to the message.

        A GET tells only: a script whose token of the session has changed gets the new one, and with `beat`
        says that its form is still open. The answers are JSON. Raises PermissionDenied.
        """
        message = self._message_to_write(request, object_id)
        if object_id and message is None:
            return JsonResponse({"gone": True}, status=404)
        if request.method not in {"GET", "POST"}:
            return HttpResponseNotAllowed(["GET", "POST"])
        answer = {"user": request.user.pk, "csrf": get_token(request)}
        if request.method == "POST":
            if "drop" in request.POST:
                unsaved.close(request.user, self.model.KIND, request.POST["drop"])
                return redirect(self._form_address(message))
            answer |= self._kept(request, message)
        elif message and "beat" in request.GET:
            presence.seen(message, request.user)
        return JsonResponse(answer | self._news(request, message))

    def _message_to_write(self, request, object_id):
        """The stored message, or None; for those who may write it. Raises PermissionDenied."""
        message = self.get_object(request, str(object_id)) if object_id else None
        allowed = self.has_change_permission(request, message) if object_id else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        return message

    def _kept(self, request, message):
        """What became of what was sent: a form's fields, or only that it was closed."""
        if "left" in request.POST:
            if message:
                presence.left(message, request.user)
            return {}
        if "unsaved_token" not in request.POST:
            return {"kept": False}
        if message:
            presence.seen(message, request.user, typed=True)
        text = request.POST.get("unsaved_turn", "")
        turn = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        row = unsaved.keep(request.user, self.model.KIND, message, request.POST, turn)
        return {
            "kept": not row.is_closed and row.turn == turn,
            "closed": row.is_closed,
            "fresh": str(uuid4()),
            "turn": row.turn,
            "at": date_format(localtime(row.at), "H:i"),
        }

    def _news(self, request, message):
        """What an open form should know: who else has it open, and whether a newer version has been saved."""
        if message is None:
            return {"here": [], "newer": ""}
        asked = request.POST if request.method == "POST" else request.GET
        opened = asked.get("opened_version", str(message.version))
        newer = opened != str(message.version) and gettext(
            "%(who)s has saved a newer version (%(when)s). When you save, you will see both and put them together."
        ) % {"who": _name(message.changed_by), "when": in_host_city(message.changed_at)}
        return {"here": presence.others(message, request.user, request.at), "newer": newer or ""}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; with `?unsaved=TOKEN` filled with what was not saved."""
        token = request.GET.get("unsaved")
        if request.method == "GET" and token:
            message = self._message_to_write(request, object_id)
            row = unsaved.find(request.user, self.model.KIND, message, token, request.at)
            if row is None:
                return redirect(self._form_address(message))
            request.reopened, request.reopened_row = as_querydict(row.fields), row
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form's class; where an unsaved text is reopened, one that shows it."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        fields = getattr(request, "reopened", None)
        return form_class if fields is None else reopened_form(form_class, fields)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """As Django; where an unsaved text is reopened, with its rows."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        fields = getattr(request, "reopened", None)
        if fields is not None and f"{prefix}-TOTAL_FORMS" in fields:
            kwargs["data"] = fields
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """On top: unsaved texts to take or to drop, and colleagues who have the message open."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may_write:
            row = getattr(request, "reopened_row", None)
            context |= {
                "unsaved_url": self._unsaved_address(obj),
                "form_url_plain": self._form_address(obj),
                "reopened": row,
                "unsaved_turn": row.turn if row else 0,
                "offers": [] if row or request.method == "POST" else self._offers(request, obj),
            }
            if obj:
                context["here"] = presence.others(obj, request.user, request.at)
                presence.opened(obj, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def forget_unsaved(self, request, message):
        """The form has been saved: nothing of it is unsaved any more, and its officer has left it."""
        unsaved.close(request.user, self.model.KIND, request.POST.get("unsaved_token"))
        presence.left(message, request.user)

    def _offers(self, request, obj):
        return unsaved.offers(request.user, self.model.KIND, obj, request.at)

    def _unsaved_address(self, message):
        return (
            self.address_of("unsaved", message)
            if message
            else reverse(f"admin:press_{self.opts.model_name}_unsaved_new")
        )

    def _form_address(self, message):
        return self.address_of("change", message) if message else reverse(f"admin:press_{self.opts.model_name}_add")


def _name(user):
    return user.get_full_name() or user.get_username()
