"""The confirmation pages of acts on consular documents (embassy.act_page)."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular import acts
from consular.changes import changes
from consular.content import content_of
from consular.models import Document
from embassy import act_page, review_pages
from embassy.act_forms import IssueForm, PlainForm, SendBackForm
from embassy.moments import in_both_cities


class ActPage(act_page.ActPage):
    """One act on a consular document: it shows what is different from what readers see."""

    form_class = PlainForm
    permission = "consular.release_document"
    template = "admin/consular/act.html"

    def more_context(self):
        live = self.state.live
        return {
            "changes": changes(live and live.content, content_of(self.document), self.document.kind),
            "is_first": live is None,
            "back": gettext("Back"),
        }


class ReleasePage(act_page.VouchedPage, ActPage):
    """Let readers see what the working copy says."""

    name = "release"
    button = _("Release…")
    form_class = IssueForm
    glass_permission = "consular.break_glass"

    @staticmethod
    def is_open(state):
        """Whether there is something that readers do not see yet; what is scheduled can get another moment."""
        return not state.is_released or state.scheduled is not None

    def sentence(self, moment):
        if moment:
            return gettext("Readers see this from %s on.") % self.when(moment)
        return gettext("Readers see this at once. It is now %s.") % self.when()

    def further(self, moment):
        sentences = [*super().further(moment), *self.review_sentences()]
        if self.document.kind == Document.Kind.NOTICE:
            ends = in_both_cities(self.document.notice.ends_at)
            sentences.append(gettext("It stands on top of every page until %s and then disappears by itself.") % ends)
        return sentences

    def confirmation(self, moment):
        return gettext("Release on %s") % self.when(moment) if moment else gettext("Release now")

    def perform(self, seen, asked, moment):
        return acts.release(self.document, seen, self.request.user, moment, asked.get("without_approval", ""))

    def report(self, edition, moment):
        if moment:
            return gettext("Scheduled for %s.") % self.when(moment)
        return gettext("Released on %s.") % self.when(edition.live_from)


class RecallPage(ActPage):
    """Take back what is scheduled."""

    name = "recall"
    button = _("Recall…")

    @staticmethod
    def is_open(state):
        return state.scheduled is not None

    def sentence(self, moment):
        return self.recall_sentence()

    def further(self, moment):
        return [gettext("Readers go on seeing what they see now. The draft stays as it is.")]

    def confirmation(self, moment):
        return gettext("Recall")

    def perform(self, seen, asked, moment):
        acts.recall(self.document, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("Recalled what was scheduled for %s.") % self.when(self.state.scheduled.live_from)


class EndPage(ActPage):
    """Take a notice off every page before its end."""

    name = "end"
    button = _("End now…")

    @staticmethod
    def is_open(state):
        return state.live is not None and state.live.ends_at is not None

    def sentence(self, moment):
        return gettext("The notice disappears from every page at once. It is now %s.") % self.when()

    def confirmation(self, moment):
        return gettext("End now")

    def perform(self, seen, asked, moment):
        return acts.end(self.document, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("Ended on %s.") % self.when(edition.live_from)


class SubmitPage(review_pages.SubmitPage, ActPage):
    """Ask for approval."""

    act = staticmethod(acts.submit)


class ApprovePage(review_pages.ApprovePage, ActPage):
    """Vouch for what somebody else changed."""

    permission = "consular.approve_document"
    act = staticmethod(acts.approve)


class SignOffPage(review_pages.SignOffPage, ActPage):
    """Take responsibility for what was released without approval."""

    permission = "consular.approve_document"
    act = staticmethod(acts.sign_off)


class SendBackPage(review_pages.SendBackPage, ActPage):
    """Return a draft to its author."""

    form_class = SendBackForm
    permission = "consular.approve_document"
    act = staticmethod(acts.send_back)


FACTS_ACTS = (SubmitPage, ApprovePage, SendBackPage, SignOffPage, ReleasePage, RecallPage)
NOTICE_ACTS = (*FACTS_ACTS, EndPage)
