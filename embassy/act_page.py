"""The confirmation page of an act: says in a sentence what will happen and when, and does it when that is confirmed.

The button that acts carries the moment its sentence named. If another moment has been entered in
the meantime, the page shows the new sentence instead of acting; so nobody is surprised, with or
without scripts. What the officer saw (embassy.acts.Seen) travels with the page too.
"""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from embassy.acts import LockedChain, Refused, Seen
from embassy.moments import in_both_cities
from embassy.review import Stage

NOW = "now"


class ActPage:
    """One act on one document. Subclasses say it in words and name the function that does it.

    `section` is the admin of the document; it says where the document stands (`state_of`) and where
    its pages are (`address_of`). The state says at least what is `scheduled`, and its `words`.
    """

    name = ""
    button = ""
    form_class = None
    permission = ""
    template = "admin/act.html"

    def __init__(self, section, request, document):
        self.section, self.request, self.document = section, request, document
        self.state = section.state_of(document, request.at)

    @staticmethod
    def is_open(state):
        """Whether the act makes sense in this state."""
        raise NotImplementedError

    def sentence(self, moment):
        """What will happen, at the aware `moment` or (None) at once."""
        raise NotImplementedError

    def confirmation(self, moment):
        """The text of the button that does it."""
        raise NotImplementedError

    def perform(self, seen, asked, moment):
        """Do it; returns the edition, or None. Raises Refused. `asked` is what the form's fields hold."""
        raise NotImplementedError

    def report(self, edition, moment):
        """What has happened, for the officer and for the history."""
        raise NotImplementedError

    def further(self, moment):
        """More sentences: what else follows from it."""
        return [self.recall_sentence()] if self.state.scheduled else []

    def first_form(self):
        """The form before anything is entered."""
        return self.form_class()

    def respond(self):
        """The answer to the request. Raises PermissionDenied."""
        if not self.is_allowed(self.section, self.request, self.document):
            raise PermissionDenied
        if self.request.method != "POST":
            return self.page(self.first_form())
        return self.post()

    @classmethod
    def is_allowed(cls, section, request, document):
        """Whether this officer may act so on the document."""
        return request.user.has_perm(cls.permission)

    def bound_form(self):
        """The form with what was entered."""
        return self.form_class(self.request.POST)

    def post(self):
        """The answer to what was sent."""
        form = self.bound_form()
        if not form.is_valid():
            return self.page(form, form.cleaned_data.get("later"))
        try:
            return self.answer(form)
        except Refused as refusal:
            return self.page(form, refused=str(refusal))

    def answer(self, form):
        """Act if the sentence for the entered moment was confirmed, else show it. Raises Refused."""
        moment = form.cleaned_data.get("later")
        if self.request.POST.get("confirmed") == _token(moment):
            return self.do(form.cleaned_data, moment)
        # The rules for moments, before anything is confirmed.
        LockedChain(self.document, [], self.request.at).begins(moment)
        return self.page(form, moment)

    def do(self, asked, moment):
        """Act, write the history in the same transaction, tell the officer."""
        with transaction.atomic():
            edition = self.perform(self.seen_on_page(), asked, moment)
            report = self.report(edition, moment)
            self.section.log_change(self.request, self.document, report)
        self.section.message_user(self.request, self.news(report, edition, moment), messages.SUCCESS)
        return redirect(self.afterwards())

    def afterwards(self):
        """The address to which an officer goes when it is done."""
        return self.section.address_of("change", self.document)

    def news(self, report, edition, moment):
        """What the officer is told when it is done."""
        return report

    def seen_on_page(self):
        """What the page that was sent had shown."""
        version, _dash, edition_id = self.request.POST.get("seen", "").partition("-")
        return Seen(*(int(part) if part.isdecimal() and len(part) < 19 else 0 for part in (version, edition_id)))

    def page(self, form, moment=None, refused=""):
        """The confirmation page."""
        is_open = self.is_open(self.state)
        # Who was refused, or entered no such time, must first see what would happen.
        is_clear = is_open and not refused and "later" not in form.errors
        seen = Seen.of(self.document)
        context = {
            **self.section.admin_site.each_context(self.request),
            "opts": self.section.opts,
            "original": self.document,
            "title": self.button,
            "subtitle": str(self.document),
            "state": self.state,
            "form": form,
            "seen": f"{seen.version}-{seen.edition_id}",
            "is_open": is_open,
            "refused": refused,
            "sentences": [self.sentence(moment), *self.further(moment)] if is_clear else [],
            "confirmed": _token(moment),
            "confirmation": self.confirmation(moment) if is_clear else "",
            "change_url": self.section.address_of("change", self.document),
            **self.more_context(),
        }
        self.request.current_app = self.section.admin_site.name
        return TemplateResponse(self.request, self.template, context)

    def more_context(self):
        """What a subclass adds for the template."""
        return {}

    def when(self, moment=None):
        """The moment, or the request's, in both cities' times."""
        return in_both_cities(moment or self.request.at)

    def recall_sentence(self):
        """What happens to what is scheduled."""
        return gettext("What is scheduled for %s is recalled.") % self.when(self.state.scheduled.live_from)


class VouchedPage(ActPage):
    """An act that makes something public: somebody else has approved it, or the glass is broken for a reason.

    The form takes `needs_reason` (embassy.act_forms.IssueForm); the state says its `stage` and its `approval`.
    """

    glass_permission = ""

    @property
    def needs_reason(self):
        """Whether nobody has approved the text: then only who may break the glass can go on."""
        return settings.FOUR_EYES and self.state.stage != Stage.APPROVED

    @property
    def may_break_glass(self):
        """Whether this officer may release without approval."""
        return self.request.user.has_perm(self.glass_permission)

    def first_form(self):
        return self.form_class(needs_reason=self.needs_reason and self.may_break_glass)

    def bound_form(self):
        return self.form_class(self.request.POST, needs_reason=self.needs_reason and self.may_break_glass)

    def page(self, form, moment=None, refused=""):
        """Nothing to confirm where nobody has approved the text; where the glass can be broken, say so."""
        if self.needs_reason and not self.may_break_glass and not refused:
            refused = gettext("Nobody has approved this text. Submit it, and let somebody else approve it.")
        return super().page(form, moment, refused)

    def review_sentences(self):
        """Who vouches for it."""
        if not settings.FOUR_EYES:
            return []
        if self.needs_reason:
            return [gettext("Nobody has approved the text: the approvers are told, and one of them must sign it off.")]
        approver = self.state.approval.approver
        return [gettext("Approved by %s.") % (approver.get_full_name() or approver.get_username())]


def _token(moment):
    """What the confirming button says of a moment."""
    return moment.isoformat(timespec="minutes") if moment else NOW
