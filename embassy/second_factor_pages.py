"""The pages of the second factor, for those who have signed in by name and password."""

from functools import wraps

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from embassy import passkeys, second_factor
from embassy.acts import Refused


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "off", "spellcheck": "false"}
        ),
    )


def for_staff(view):
    """Only for those who have given name and password of an account of the staff."""

    @wraps(view)
    @sensitive_post_parameters("code", "answer")
    def checked(request, *values, **named):
        if not AdminSite.has_permission(admin.site, request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request, *values, **named)

    return checked


def for_those_within(view):
    """Only for those who are wholly in."""

    @wraps(view)
    def checked(request, *values, **named):
        return view(request, *values, **named) if second_factor.is_given(request) else second_factor.ask(request)

    return for_staff(checked)


def for_setting_up(view):
    """Only for those who are wholly in, or have no second factor yet."""

    @wraps(view)
    def checked(request, *values, **named):
        if second_factor.is_set_up(request.user) and not second_factor.is_given(request):
            return second_factor.ask(request)
        return view(request, *values, **named)

    return for_staff(checked)


@for_staff
def code(request):
    """Ask for a code or a passkey, then go where the visitor wanted to."""
    wanted = _safe(request, request.POST.get("next") or request.GET.get("next"))
    if second_factor.is_given(request):
        return HttpResponseRedirect(wanted)
    if not second_factor.is_set_up(request.user):
        return redirect("second_factor_set_up")
    answer = request.POST.get("answer")
    form = CodeForm(None if answer else request.POST or None)
    refusal = passkeys.give(request, answer) if answer else ""
    if (answer and not refusal) or (form.is_valid() and second_factor.give(request, form.cleaned_data["code"])):
        return HttpResponseRedirect(wanted)
    if form.is_valid():
        form.add_error("code", _wrong(second_factor.pause_of(request.user)))
    keys, home = second_factor.passkeys_of(request.user), passkeys.home()
    if keys and home and not form.errors:
        # The passkey's button has it.
        del form.fields["code"].widget.attrs["autofocus"]
    return page(
        request,
        "code",
        _("Second factor"),
        form=form,
        next=wanted,
        refusal=refusal,
        telephone=second_factor.telephone_of(request.user),
        passkeys=keys,
        home=home,
    )


def _wrong(pause):
    if not pause:
        return _("This code is not right. Each code serves once, and for half a minute.")
    return ngettext(
        "This code is not right. The next one is looked at in %(pause)s second.",
        "This code is not right. The next one is looked at in %(pause)s seconds.",
        pause,
    ) % {"pause": pause}


@for_setting_up
def set_up(request):
    """Show the secret as a QR code and in letters, and take the first code for proof."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        codes = second_factor.confirm(request, form.cleaned_data["code"])
        if codes:
            return page(request, "codes", _("Recovery codes"), codes=codes)
        form.add_error("code", _("This code is not right. Wait for the next one, and look whether the clocks agree."))
    telephone = second_factor.begin(request.user)
    return page(
        request,
        "set_up",
        _("Set up a second factor"),
        form=form,
        picture=picture(telephone.config_url),
        secret=_in_fours(telephone),
        required=second_factor.is_required_of(request.user),
        home=passkeys.home(),
    )


@for_those_within
def overview(request):
    """What the user has."""
    return page(
        request,
        "overview",
        _("Second factor"),
        telephone=second_factor.telephone_of(request.user),
        passkeys=second_factor.passkeys_of(request.user),
        left=second_factor.codes_left(request.user),
        home=passkeys.home(),
    )


@for_those_within
def remove_telephone(request):
    """Take the telephone away, where there is something beside it."""
    return removal(request, second_factor.telephone_of(request.user))


def removal(request, device):
    """The page that asks once more, or takes `device` away and goes back. Raises Http404 where it is None."""
    if device is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            second_factor.remove(request, device)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("It is taken away."))
            return redirect("second_factor")
    return page(request, "remove", _("Take away a second factor"), device=device, refusal=refusal)


@require_POST
@for_those_within
def codes(request):
    """New recovery codes, shown this once."""
    if not second_factor.is_set_up(request.user):
        return redirect("second_factor_set_up")
    return page(request, "codes", _("Recovery codes"), codes=second_factor.make_codes(request.user))


def picture(text):
    """`text` as a QR code: an SVG element that needs no style of its own, dark on white in dark mode too."""
    drawn = segno.make(text, error="m").svg_inline(omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 (drawn by segno; the text itself is not in it)


def _in_fours(telephone):
    secret = telephone.config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _safe(request, wanted):
    """`wanted`, if it is an address of this site; else the index page."""
    ours = wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else reverse("admin:index")


def page(request, name, title, **context):
    """The page `name` of the second factor, headed `title`."""
    context |= {**admin.site.each_context(request), "title": title}
    return render(request, f"admin/second_factor/{name}.html", context)


urlpatterns = [
    path("", overview, name="second_factor"),
    path("code/", code, name="second_factor_code"),
    path("set-up/", set_up, name="second_factor_set_up"),
    path("recovery-codes/", codes, name="second_factor_codes"),
    path("telephone/remove/", remove_telephone, name="second_factor_telephone_remove"),
]
