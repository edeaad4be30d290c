"""The confirmation pages of acts on messages (embassy.act_page); those that make a text public have more to say."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext

from embassy import act_page
from press.checklist import findings
from press.forms import ActForm
from press.proposal import propose
from press.release import wanted_slug


class ActPage(act_page.ActPage):
    """One act on one message."""

    form_class = ActForm
    permission = "press.release_message"

    @property
    def message(self):
        """The message: the document of this page."""
        return self.document

    def more_context(self):
        return {
            "preview_url": self.section.address_of("preview", self.message),
            "back": gettext("Back to the message"),
        }


class IssuePage(act_page.VouchedPage, ActPage):
    """A new edition with a text: it has an address, and somebody vouches for it."""

    glass_permission = "press.break_glass"

    def page(self, form, moment=None, refused=""):
        """Nothing to confirm where something must be mended, or nobody has approved the text."""
        begins = moment or self.begins_after_grace() or self.request.at
        self.findings = findings(self.message, begins) if self.is_open(self.state) else []
        if any(finding.blocks for finding in self.findings) and not refused:
            refused = gettext("The checklist below holds it up: mend first what it says.")
        return super().page(form, moment, refused)

    def more_context(self):
        return {**super().more_context(), "checklist": self.findings, "has_checklist": self.is_open(self.state)}

    def further(self, moment):
        edition = propose(self.message, self.request.at, moment or self.begins_after_grace())
        return [*super().further(moment), *self.review_sentences(), self.address_sentence(edition)]

    def begins_after_grace(self):
        """When "now" is, if not at once."""
        return

    def address_sentence(self, edition):
        """Where it will be, and why the address ends otherwise than wanted."""
        wanted, url = wanted_slug(self.message), _url(edition)
        keeps = self.state.standing and not self.message.slug
        if keeps or edition.address.slug == wanted:
            return gettext("Its address is %s") % url
        return gettext("Its address is %(url)s because another message of that day has “%(slug)s”.") % {
            "url": url,
            "slug": wanted,
        }

    def news(self, report, edition, moment):
        address = self.address_sentence(edition)
        if moment:
            return f"{report} {address}"
        return format_html('{} {} <a href="{}">{}</a>', report, address, _url(edition), gettext("View on site"))


def _url(edition):
    return urljoin(settings.SITE_URL, edition.get_absolute_url())
