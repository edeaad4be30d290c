"""The pages of passkeys: add one, take one away, and what the script beside them asks (static/embassy/passkeys.js)."""

from django import forms
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from embassy import passkeys, second_factor
from embassy.acts import Refused
from embassy.second_factor_pages import for_setting_up, for_staff, for_those_within, page, removal


class PasskeyForm(forms.Form):
    """What the officer calls the passkey; the script writes the browser's answer beside it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=64,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True}),
        help_text=gettext_lazy("By which you know it again, as “Key on my key ring”."),
    )
    answer = forms.CharField(widget=forms.HiddenInput)


@for_setting_up
def add(request):
    """Take a new passkey; the first second factor comes with recovery codes."""
    _exist_or_404()
    form = PasskeyForm(request.POST or None)
    refusal = ""
    if form.is_valid():
        try:
            codes = passkeys.add(request, form.cleaned_data["name"], form.cleaned_data["answer"])
        except Refused as error:
            refusal = str(error)
        else:
            if codes:
                return page(request, "codes", _("Recovery codes"), codes=codes)
            messages.success(request, _("The passkey is added."))
            return redirect("second_factor")
    return page(
        request,
        "passkey",
        _("Add a passkey"),
        form=form,
        refusal=refusal,
        home=passkeys.home(),
        required=second_factor.is_required_of(request.user),
    )


@require_POST
@for_setting_up
def options_to_add(request):
    """What the script asks the browser for when a passkey is added."""
    _exist_or_404()
    return JsonResponse(passkeys.ask_to_make(request))


@require_POST
@for_staff
def options_to_sign_in(request):
    """What the script asks the browser for when a passkey is used."""
    _exist_or_404()
    return JsonResponse(passkeys.ask_to_sign(request))


@for_those_within
def remove(request, number):
    """Take one of one's own passkeys away, where there is something beside it."""
    return removal(request, second_factor.passkeys_of(request.user).filter(pk=number).first())


def _exist_or_404():
    if not passkeys.home():
        raise Http404


urlpatterns = [
    path("code/passkey/", options_to_sign_in, name="second_factor_passkey_options"),
    path("passkeys/add/", add, name="second_factor_passkey_add"),
    path("passkeys/add/options/", options_to_add, name="second_factor_passkey_add_options"),
    path("passkeys/<int:number>/remove/", remove, name="second_factor_passkey_remove"),
]
