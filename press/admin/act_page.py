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
from press.state import Stage


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


class IssuePage(ActPage):
    """A new edition with a text: it has an address, and somebody vouches for it."""

    @property
    def needs_reason(self):
        """Whether nobody has approved the text: then only who may break the glass can go on."""
        return settings.FOUR_EYES and self.state.stage != Stage.APPROVED

    @property
    def may_break_glass(self):
        """Whether this officer may release without approval."""
        return self.request.user.has_perm("press.break_glass")

    def first_form(self):
        return self.form_class(needs_reason=self.needs_reason and self.may_break_glass)

    def bound_form(self):
        return self.form_class(self.request.POST, needs_reason=self.needs_reason and self.may_break_glass)

    def page(self, form, moment=None, refused=""):
        """Nothing to confirm where something must be mended, or nobody has approved the text."""
        begins = moment or self.begins_after_grace() or self.request.at
        self.findings = findings(self.message, begins) if self.is_open(self.state) else []
        if any(finding.blocks for finding in self.findings) and not refused:
            refused = gettext("The checklist below holds it up: mend first what it says.")
        if self.needs_reason and not self.may_break_glass and not refused:
            refused = gettext("Nobody has approved this text. Submit it, and let somebody else approve it.")
        return super().page(form, moment, refused)

    def more_context(self):
        return {**super().more_context(), "checklist": self.findings, "has_checklist": self.is_open(self.state)}

    def further(self, moment):
        edition = propose(self.message, self.request.at, moment or self.begins_after_grace())
        return [*super().further(moment), *self.review_sentences(), self.address_sentence(edition)]

    def begins_after_grace(self):
        """When "now" is, if not at once."""
        return

    def review_sentences(self):
        """Who vouches for it."""
        if not settings.FOUR_EYES:
            return []
        if self.needs_reason:
            return [gettext("Nobody has approved the text: the approvers are told, and one of them must sign it off.")]
        approver = self.state.approval.approver
        return [gettext("Approved by %s.") % (approver.get_full_name() or approver.get_username())]

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
