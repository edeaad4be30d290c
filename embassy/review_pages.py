"""The pages of the review, for every document: submit, approve, send back, sign off (embassy.review)."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.act_page import ActPage
from embassy.review import Stage


class ReviewPage(ActPage):
    """An act that readers do not notice, and so without a moment.

    A subclass for one kind of document names its `form_class`, its `permission` and the function of
    its `act`: (document, seen, by), and the remark where it sends back.
    """

    stages = ()
    act = None

    @classmethod
    def is_open(cls, state):
        """Whether the review has come to where this is the next step; never where the rule is off."""
        return settings.FOUR_EYES and state.stage in cls.stages

    def further(self, moment):
        return []


class SubmitPage(ReviewPage):
    """Ask for approval."""

    name = "submit"
    button = _("Submit…")
    stages = (Stage.WRITING,)

    @classmethod
    def is_allowed(cls, section, request, document):
        """Who may write may ask."""
        return section.has_change_permission(request, document)

    def sentence(self, moment):
        return gettext("The text waits for an approver, on whose index page it appears. Any change takes it back.")

    def confirmation(self, moment):
        return gettext("Submit for approval")

    def perform(self, seen, asked, moment):
        self.act(self.document, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("Submitted for approval.")


class ApprovePage(ReviewPage):
    """Vouch for what somebody else wrote."""

    name = "approve"
    button = _("Approve…")
    stages = (Stage.WRITING, Stage.SUBMITTED)

    @classmethod
    def is_allowed(cls, section, request, document):
        """An approver, but not who last changed the text."""
        return super().is_allowed(section, request, document) and document.changed_by_id != request.user.pk

    def sentence(self, moment):
        return gettext(
            "You vouch for the text as it is now. It can then be released; any change of it needs a new approval."
        )

    def confirmation(self, moment):
        return gettext("Approve")

    def perform(self, seen, asked, moment):
        self.act(self.document, seen, self.request.user)

    def report(self, edition, moment):
        return gettext("Approved.")


class SignOffPage(ReviewPage):
    """Take responsibility for what was released without approval."""

    name = "sign_off"
    button = _("Sign off…")

    @classmethod
    def is_open(cls, state):
        return state.broken_glass is not None

    @classmethod
    def is_allowed(cls, section, request, document):
        """An approver, but not who released it."""
        own = document.broken_glass.filter(signed_off_at=None, by=request.user)
        return super().is_allowed(section, request, document) and not own.exists()

    def sentence(self, moment):
        glass = self.state.broken_glass
        return gettext("%(who)s released it without approval on %(when)s: %(reason)s") % {
            "who": glass.by.get_full_name() or glass.by.get_username(),
            "when": self.when(glass.at),
            "reason": glass.reason,
        }

    def further(self, moment):
        return [gettext("You take responsibility for it, as if you had approved it.")]

    def confirmation(self, moment):
        return gettext("Sign off")

    def perform(self, seen, asked, moment):
        for glass in self.document.broken_glass.filter(signed_off_at=None):
            self.act(glass, self.request.user)

    def report(self, edition, moment):
        return gettext("Signed off.")


class SendBackPage(ReviewPage):
    """Return a text to its author."""

    name = "send_back"
    button = _("Send back…")
    stages = (Stage.SUBMITTED,)

    def sentence(self, moment):
        return gettext("The text no longer waits for an approver; its author reads your remark in its history.")

    def confirmation(self, moment):
        return gettext("Send back")

    def perform(self, seen, asked, moment):
        self.act(self.document, seen, self.request.user, asked["remark"])

    def report(self, edition, moment):
        return gettext("Sent back to its author.")
