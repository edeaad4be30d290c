"""What the confirmation pages of acts ask, for every document."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.moment_field import MomentField
from embassy.moments import host_city


class PlainTextField(forms.CharField):
    """A text of several lines; browsers send their own line ends, which are no change."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class ActForm(forms.Form):
    """What an act asks: a moment, if it is not to happen now."""

    later = MomentField(label="", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "later" in self.fields:
            self.fields["later"].label = gettext("Not now but later, at this time in %s") % host_city()


class PlainForm(forms.Form):
    """An act that asks nothing and happens now."""


class SendBackForm(PlainForm):
    """Sending back asks what should change."""

    remark = PlainTextField(
        label=_("Remark"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "class": "vLargeTextField"}),
        help_text=_("What should change. The author reads it."),
    )


class IssueForm(ActForm):
    """Releasing asks for a reason where nobody has approved the text."""

    without_approval = PlainTextField(
        label=_("Release without approval, because"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
        help_text=_("It stays in the history. The approvers are told at once."),
    )

    def __init__(self, *args, needs_reason=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["without_approval"]
