"""The page that makes, lists and revokes links to a draft, and the page that such a link opens.

The latter is a part of the office, though no account is needed: it reads a working copy.
"""

from datetime import timedelta
from urllib.parse import urljoin

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from embassy.moments import in_both_cities
from press.admin.act_page import ActPage
from press.admin.preview import draft_context
from press.draft_files import respond_with_draft
from press.sharing import LONGEST, note_opening, released_since, revoke, share, shared_by


class ShareForm(forms.Form):
    """Sharing asks for whom, and how long."""

    recipient = forms.CharField(
        label=_("For whom"),
        max_length=200,
        widget=forms.TextInput({"class": "vTextField", "autocomplete": "off"}),
        help_text=_("A name and a house. It stands on the page, so that a link that is passed on tells whose it was."),
    )
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST.days)


class SharePage(ActPage):
    """Show the draft to somebody without an account."""

    name = "share"
    button = _("Share the draft…")
    form_class = ShareForm
    template = "admin/press/share.html"
    link = ""

    @staticmethod
    def is_open(state):
        return state.live is None or state.has_newer_draft

    def sentence(self, moment):
        return gettext(
            "Whoever has the link sees what is saved at that moment, without an account. Once it is released, the link "
            "leads to the public page."
        )

    def further(self, moment):
        return []

    def confirmation(self, moment):
        return gettext("Make a link")

    def first_form(self):
        return ShareForm(initial={"days": settings.SHARED_PREVIEW_DAYS})

    def post(self):
        return self.revoke_one(self.request.POST["revoke"]) if "revoke" in self.request.POST else super().post()

    def answer(self, form):
        """Make the link, and show it: this once, for it is kept nowhere."""
        asked = form.cleaned_data
        shared, token = share(self.message, self.request.user, asked["recipient"], timedelta(days=asked["days"]))
        self.link = urljoin(settings.SITE_URL, reverse("shared_preview", args=[token]))
        self.section.log_change(self.request, self.message, self.report(shared, None))
        return self.page(self.first_form())

    def report(self, edition, moment):
        shared = edition
        words = {"recipient": shared.recipient, "moment": self.when(shared.expires_at)}
        return gettext("Shared with %(recipient)s until %(moment)s.") % words

    def revoke_one(self, key):
        """End a link of this message now."""
        shared = revoke(int(key), self.message, self.request.user) if key.isdecimal() and len(key) < 19 else None
        if shared:
            sentence = gettext("The link for %s no longer works.") % shared.recipient
            self.section.log_change(self.request, self.message, sentence)
            self.section.message_user(self.request, sentence, messages.SUCCESS)
        return redirect(self.section.address_of(self.name, self.message))

    def more_context(self):
        shared = self.message.shared_previews.select_related("made_by").order_by("-pk")
        at = self.request.at
        return {
            **super().more_context(),
            "link": self.link,
            "shared_previews": [(one, self._state_of(one, at)) for one in shared],
        }

    @staticmethod
    def _state_of(shared, at):
        """Whether the link works, in a word; "" if it does."""
        if shared.revoked_at:
            return pgettext("a link", "revoked")
        return pgettext("a link", "expired") if shared.expires_at <= at else ""


@require_safe
def shared_preview(request, token):
    """The draft, for whoever has a link that works; else the same 404 as for any unknown address."""
    shared = shared_by(token, request.at)
    if shared is None:
        raise Http404
    if edition := released_since(shared, request.at):
        response = redirect(edition.get_absolute_url())
    else:
        response = _draft(request, shared, token)
        if request.method == "GET":
            note_opening(shared)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store, private"
    # The address is the key: it is told to nobody.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _draft(request, shared, token):
    message = shared.message

    def address(sha256, name):
        return reverse("shared_file", args=[token, sha256, name])

    with translation.override(message.language):
        request.LANGUAGE_CODE = message.language
        sentence = gettext("Draft, not released. For %(recipient)s only, until %(moment)s.") % {
            "recipient": shared.recipient,
            "moment": in_both_cities(shared.expires_at),
        }
        context = draft_context(message, request.at, sentence, address)
        response = render(request, "press/preview.html", context)
    response.headers["Content-Language"] = message.language
    return response


@require_safe
def shared_file(request, token, sha256, name):
    """A file of the draft, for whoever has a link that shows the draft; else the same 404. Not counted."""
    shared = shared_by(token, request.at)
    if shared is None or released_since(shared, request.at):
        raise Http404
    response = respond_with_draft(request, shared.message, sha256, name)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
