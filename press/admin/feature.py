"""The page that features a message on home, and lists what is featured."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from press.admin.act_page import ActPage
from press.featuring import USUAL, end, feature
from press.forms import FeatureForm
from press.models import Feature, PressRelease, QandA, Statement


class FeaturePage(ActPage):
    """Feature on home, until a moment that is always asked for; end early."""

    name = "feature"
    button = _("Feature on home…")
    form_class = FeatureForm

    @staticmethod
    def is_open(state):
        return state.is_featurable

    def sentence(self, moment):
        if self.state.live:
            return gettext("The message stands in full on home from now on, until the time below at the latest.")
        return gettext("The message stands in full on home once it is live, until the time below at the latest.")

    def further(self, moment):
        return [gettext("Where several messages are featured, the one chosen last is shown.")]

    def confirmation(self, moment):
        return gettext("Feature on home")

    def first_form(self):
        usual = (self.request.at + USUAL).replace(second=0, microsecond=0)
        return FeatureForm(initial={"until": usual})

    def post(self):
        return self.end_one(self.request.POST["end"]) if "end" in self.request.POST else super().post()

    def answer(self, form):
        """The end is always asked for, and nothing irrevocable happens: no second page."""
        return self.do(form.cleaned_data, form.cleaned_data["until"])

    def perform(self, seen, asked, moment):
        feature(self.message, self.request.user, moment)

    def report(self, edition, moment):
        return gettext("Featured on home until %s.") % self.when(moment)

    def end_one(self, key):
        """End a feature now, of this message or another."""
        with transaction.atomic():
            ended = end(int(key), self.request.user) if key.isdecimal() and len(key) < 19 else None
            if ended:
                self.section.log_change(self.request, _in_its_section(ended.message), gettext("No longer on home."))
        if ended:
            sentence = gettext("“%s” is no longer featured on home.") % ended.message
            self.section.message_user(self.request, sentence, messages.SUCCESS)
        return redirect(self.section.address_of(self.name, self.message))

    def more_context(self):
        holding = Feature.objects.holding(self.request.at).select_related("message", "set_by").order_by("-pk")
        return {**super().more_context(), "features": holding}


def _in_its_section(message):
    """The same message as its section knows it: each has a history of its own."""
    section = next(kind for kind in (PressRelease, Statement, QandA) if message.kind == kind.KIND)
    return section.objects.get(pk=message.pk)
