"""The page that links a message with its translation, or takes the link back."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from press.acts import Refused
from press.admin.act_page import ActPage
from press.models import Message, Translation
from press.models.address import message_at
from press.state import states_of
from press.translating import link, unlink

# So many are proposed; any other is found by its address.
PROPOSED = 8


class TranslationForm(forms.Form):
    """Which message says the same in the other language."""

    proposed = forms.ChoiceField(
        label=_("The same text in the other language"), required=False, widget=forms.RadioSelect
    )
    address = forms.CharField(
        label=_("Or its address"),
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "vLargeTextField"}),
        help_text=_("Copy it from the address bar: of its page, or of its form in the office."),
    )

    def __init__(self, *args, message, at, **kwargs):
        super().__init__(*args, **kwargs)
        proposed = _proposed(message)
        states = states_of(proposed, at)
        self.fields["proposed"].choices = [(each.pk, f"{each} ({states[each.pk].words})") for each in proposed]
        if not proposed:
            del self.fields["proposed"]

    def clean(self):
        cleaned = super().clean()
        chosen, address = cleaned.get("proposed"), cleaned.get("address")
        if bool(chosen) == bool(address):
            if not self.errors:
                self.add_error("address", gettext("Choose one message, or enter the address of one."))
            return cleaned
        cleaned["other"] = Message.objects.filter(pk=chosen).first() if chosen else message_named(address)
        if cleaned["other"] is None:
            self.add_error("address" if address else "proposed", gettext("There is no message at this address."))
        return cleaned


def message_named(address):
    """The message whose page or whose form in the office has this full or partial web `address`, or None."""
    path = "/" + address.strip().partition("://")[2].partition("/")[2] if "://" in address else address.strip()
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        # An address below another language's prefix, or none.
        return message_at(address)
    key = str(match.kwargs.get("object_id", ""))
    if match.view_name.startswith("admin:press_") and key.isdecimal() and len(key) < 19:
        return Message.objects.filter(pk=key).first()
    return message_at(address)


def _proposed(message):
    """Messages of the same kind in another language that are no translations yet, the last changed first."""
    others = Message.objects.filter(kind=message.kind, translation=None).exclude(language=message.language)
    return list(others.defer("body")[:PROPOSED])


class TranslationPage(ActPage):
    """Link with the same message in the other language; unlink."""

    name = "translation"
    template = "admin/press/translation.html"
    button = _("Translation…")

    @staticmethod
    def is_open(state):
        return True

    def first_form(self):
        return TranslationForm(message=self.message, at=self.request.at)

    def bound_form(self):
        return TranslationForm(self.request.POST, message=self.message, at=self.request.at)

    def sentence(self, moment):
        return gettext(
            "Each page shows the way to the other one, and search engines are told, while both texts are live; before "
            "that nothing tells of it. Each message keeps its own release, corrections and withdrawal."
        )

    def confirmation(self, moment):
        return gettext("Link the two messages")

    def post(self):
        if "unlink" not in self.request.POST:
            return super().post()
        try:
            return self.take_back()
        except Refused as refusal:
            return self.page(self.first_form(), refused=str(refusal))

    def answer(self, form):
        """Nothing irrevocable happens: no second page."""
        return self.do(form.cleaned_data, None)

    def perform(self, seen, asked, moment):
        self.other = asked["other"]
        link(self.message, self.other, self.request.user)

    def report(self, edition, moment):
        return gettext("Linked with its translation: “%s”.") % self.other

    def take_back(self):
        """Unlink. Raises Refused."""
        with transaction.atomic():
            unlink(self.message, self.request.user)
            self.section.log_change(self.request, self.message, gettext("No longer linked with a translation."))
        self.section.message_user(self.request, gettext("The link is taken back."), messages.SUCCESS)
        return redirect(self.section.address_of(self.name, self.message))

    def more_context(self):
        """Where each language has its text, there is nothing to choose."""
        group = Translation.objects.filter(message=self.message).values("group")
        others = Translation.objects.filter(group__in=group).exclude(message=self.message).select_related("message")
        linked = [each.message for each in others]
        return {
            **super().more_context(),
            "linked": linked,
            **({"is_open": False} if len(linked) + 1 == len(settings.LANGUAGES) else {}),
        }
