"""The pages of the review of messages (embassy.review_pages)."""

from embassy import review_pages
from press import review
from press.admin.act_page import ActPage
from press.forms import PlainForm, SendBackForm


class SubmitPage(review_pages.SubmitPage, ActPage):
    """Ask for approval."""

    form_class = PlainForm
    act = staticmethod(review.submit)


class ApprovePage(review_pages.ApprovePage, ActPage):
    """Vouch for what somebody else wrote."""

    form_class = PlainForm
    permission = "press.approve_message"
    act = staticmethod(review.approve)


class SignOffPage(review_pages.SignOffPage, ActPage):
    """Take responsibility for what was released without approval."""

    form_class = PlainForm
    permission = "press.approve_message"
    act = staticmethod(review.sign_off)


class SendBackPage(review_pages.SendBackPage, ActPage):
    """Return a text to its author."""

    form_class = SendBackForm
    permission = "press.approve_message"
    act = staticmethod(review.send_back)
