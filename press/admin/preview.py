"""The draft as its page will be: the public page's own template and context, for officers only."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from press.draft_files import office_address
from press.proposal import propose
from press.views import message_context


@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
def preview(request, message):
    """The page that releasing the stored `message` now would make, in its language; robots are told to leave it.

    The form of the message shows it in a frame: this page alone may stand in one, of our own.
    """
    with translation.override(message.language):
        request.LANGUAGE_CODE = message.language
        sentence = gettext("Draft preview. Only the office can see this page.")
        response = render(request, "press/preview.html", draft_context(message, request.at, sentence))
    response.headers["Content-Language"] = message.language
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def draft_context(message, at, sentence, address=office_address):
    """What the page of the draft shows at the aware moment `at`, below a `sentence` that says what it is.

    Its files are at `address(sha256, name)`: readers' own addresses know no draft.
    """
    notice = {"level": "draft", "text": sentence}
    return {**message_context(propose(message, at), address), "draft_notice": notice}
