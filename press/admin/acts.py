"""The acts, each in its words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.clock import host_date
from press.admin.act_page import ActPage, IssuePage
from press.admin.feature import FeaturePage
from press.admin.review import ApprovePage, SendBackPage, SignOffPage, SubmitPage
from press.admin.sharing import SharePage
from press.admin.translation import TranslationPage
from press.content import as_data, content_of, content_of_edition
from press.difference import differences
from press.forms import ActForm, CorrectForm, RecallForm, ReleaseForm, ReplaceForm, RescheduleForm, WithdrawForm
from press.proposal import propose
from press.recall import recall
from press.release import after_grace, correct, release
from press.reschedule import reschedule
from press.withdraw import replace, retract, withdraw


class ReleasePage(IssuePage):
    """Release what readers do not see yet."""

    name = "release"
    button = _("Release…")
    form_class = ReleaseForm

    @staticmethod
    def is_open(state):
        return state.live is None

    def begins_after_grace(self):
        return after_grace(self.request.at)

    def sentence(self, moment):
        if moment:
            return gettext("The text goes live on %s.") % self.when(moment)
        if self.begins_after_grace():
            return gettext("The text goes live on %s and can be recalled until then.") % self.when(
                self.begins_after_grace()
            )
        return gettext("The text goes live at once. It is now %s.") % self.when()

    def confirmation(self, moment):
        return gettext("Release on %s") % self.when(moment) if moment else gettext("Release now")

    def perform(self, seen, asked, moment):
        return release(self.message, seen, self.request.user, moment, asked.get("without_approval", ""))

    def report(self, edition, moment):
        if edition.live_from > self.request.at and (moment or self.begins_after_grace()):
            return gettext("Scheduled for %s.") % self.when(edition.live_from)
        return gettext("Released on %s.") % self.when(edition.live_from)


class CorrectPage(IssuePage):
    """Put another text in the place of the live one."""

    name = "correct"
    button = _("Correct…")
    form_class = CorrectForm

    @staticmethod
    def is_open(state):
        return state.is_correctable

    def sentence(self, moment):
        if moment:
            return gettext("The live text stays until %s; then the new one takes its place.") % self.when(moment)
        return gettext("The new text takes the place of the live one at once. It is now %s.") % self.when()

    def more_context(self):
        """What readers will read otherwise, in words."""
        if not self.state.live:
            return super().more_context()
        live = self.message.editions.get(pk=self.state.live.pk)
        proposed = propose(self.message, self.request.at)
        texts = differences(content_of_edition(live), content_of_edition(proposed))
        return {
            **super().more_context(),
            "differences": [*texts, *self._file_differences(live)],
            "differences_heading": gettext("What readers will read otherwise, in words"),
        }

    def _file_differences(self, live):
        """What has changed in pictures and files since the version of which the `live` edition was made."""
        kept = self.message.versions.filter(number=live.draft_version).first()
        old, new = (kept.content if kept else {}), as_data(content_of(self.message))
        names = [name for name in ("photos", "attachments") if name in old]
        return differences(*({name: content[name] for name in names} for content in (old, new)))

    def confirmation(self, moment):
        return gettext("Correct on %s") % self.when(moment) if moment else gettext("Correct now")

    def perform(self, seen, asked, moment):
        note = asked["note"] if asked["readers_told"] else ""
        return correct(self.message, seen, self.request.user, moment, note, asked.get("without_approval", ""))

    def report(self, edition, moment):
        if moment:
            return gettext("Correction scheduled for %s.") % self.when(moment)
        return gettext("Corrected on %s.") % self.when(edition.live_from)


class RecallPage(ActPage):
    """Take back what is scheduled."""

    name = "recall"
    button = _("Recall…")
    form_class = RecallForm

    @staticmethod
    def is_open(state):
        return state.scheduled is not None

    def sentence(self, moment):
        return self.recall_sentence()

    def further(self, moment):
        if self.state.live:
            return [gettext("Readers go on seeing the text that is live. The draft stays as it is.")]
        return [gettext("Nothing of it is left outside the office. The draft stays as it is.")]

    def confirmation(self, moment):
        return gettext("Recall")

    def perform(self, seen, asked, moment):
        recall(self.message, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("Recalled what was scheduled for %s.") % self.when(self.state.scheduled.live_from)


class ReschedulePage(ActPage):
    """Choose another moment for what is scheduled."""

    name = "reschedule"
    button = _("Reschedule…")
    form_class = RescheduleForm

    @staticmethod
    def is_open(state):
        return state.scheduled is not None

    def first_form(self):
        return RescheduleForm(initial={"later": self.state.scheduled.live_from if self.state.scheduled else None})

    def sentence(self, moment):
        planned = self.when(self.state.scheduled.live_from)
        if not moment:
            return gettext("It is scheduled for %s. Enter another time.") % planned
        words = {"planned": planned, "moment": self.when(moment)}
        return gettext("What is scheduled for %(planned)s happens on %(moment)s instead.") % words

    def further(self, moment):
        sentences = [gettext("It is the same text with the same approval; what has been written since stays a draft.")]
        planned = self.state.scheduled
        if moment and planned.published_at == planned.live_from and host_date(moment) != planned.published_on:
            sentences.append(gettext("Its address bears the new date."))
        return sentences

    def confirmation(self, moment):
        return gettext("Reschedule to %s") % self.when(moment) if moment else ""

    def perform(self, seen, asked, moment):
        return reschedule(self.message, seen, self.request.user, moment)

    def report(self, edition, moment):
        return gettext("Rescheduled to %s.") % self.when(edition.live_from)


class WithdrawPage(ActPage):
    """Take a live text off the site."""

    name = "withdraw"
    button = _("Withdraw…")
    form_class = WithdrawForm

    @staticmethod
    def is_open(state):
        return state.live is not None

    def sentence(self, moment):
        if moment:
            return gettext("Readers see the text until %s; then the date and the reason.") % self.when(moment)
        return gettext("The text is gone at once; readers see the date and the reason. It is now %s.") % self.when()

    def confirmation(self, moment):
        return gettext("Withdraw on %s") % self.when(moment) if moment else gettext("Withdraw now")

    def perform(self, seen, asked, moment):
        return withdraw(self.message, seen, self.request.user, asked["reason"], moment)

    def report(self, edition, moment):
        if moment:
            return gettext("Withdrawal scheduled for %s.") % self.when(moment)
        return gettext("Withdrawn on %s.") % self.when(edition.live_from)


class RetractPage(WithdrawPage):
    """Take off the site what should never have been there."""

    name = "retract"
    button = _("Published in error…")
    form_class = ActForm

    def sentence(self, moment):
        if moment:
            return gettext("Readers see the text until %s; then only that it was published in error.") % self.when(
                moment
            )
        return gettext("The text is gone at once; readers see only that it was published in error. It is now %s.") % (
            self.when()
        )

    def confirmation(self, moment):
        return gettext("Take back on %s") % self.when(moment) if moment else gettext("Take back now")

    def perform(self, seen, asked, moment):
        return retract(self.message, seen, self.request.user, moment)

    def report(self, edition, moment):
        if moment:
            return gettext("To be taken back, as published in error, on %s.") % self.when(moment)
        return gettext("Taken back, as published in error, on %s.") % self.when(edition.live_from)


class ReplacePage(WithdrawPage):
    """Lead readers to another message."""

    name = "replace"
    button = _("Replace…")
    form_class = ReplaceForm

    def sentence(self, moment):
        if moment:
            return gettext("Readers see the text until %s; then its address leads to the other message.") % self.when(
                moment
            )
        return gettext("The address leads to the other message at once. It is now %s.") % self.when()

    def confirmation(self, moment):
        return gettext("Replace on %s") % self.when(moment) if moment else gettext("Replace now")

    def perform(self, seen, asked, moment):
        return replace(self.message, seen, self.request.user, asked["replacement"], moment)

    def report(self, edition, moment):
        if moment:
            return gettext("To be replaced on %s.") % self.when(moment)
        return gettext("Replaced on %s.") % self.when(edition.live_from)


ACTS = (
    SubmitPage,
    ApprovePage,
    SendBackPage,
    SignOffPage,
    ReleasePage,
    CorrectPage,
    ReschedulePage,
    RecallPage,
    WithdrawPage,
    RetractPage,
    ReplacePage,
    FeaturePage,
    TranslationPage,
    SharePage,
)
