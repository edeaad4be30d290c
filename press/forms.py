"""The forms of the office: working copies and their parts, and what an act asks."""

from uuid import uuid4

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.act_forms import ActForm, IssueForm, PlainForm, PlainTextField, SendBackForm
from embassy.moment_field import MomentField
from embassy.moments import host_city, in_host_city
from press.content import TOPICS, content_of
from press.counting import TEASER_LIMITS, TITLE_LIMITS, CountedInput, CountedTextarea
from press.editor import RichTextFormField
from press.models.address import message_at
from press.models.message import TEASER_LENGTH, Message
from press.models.topic import Topic

__all__ = [
    "ActForm",
    "CorrectForm",
    "ExchangeForm",
    "FeatureForm",
    "MessageForm",
    "PartForm",
    "PartFormSet",
    "PlainForm",
    "RecallForm",
    "ReleaseForm",
    "ReplaceForm",
    "SendBackForm",
    "WithdrawForm",
]


class TokenField(forms.CharField):
    """Names a form; another name is no change of what the form says."""

    def has_changed(self, initial, data):
        return False


class TickedTopics(forms.CheckboxSelectMultiple):
    """Boxes to tick, and a field that is sent when none is: autosave must tell "none" from "not asked"."""

    def render(self, name, value, attrs=None, renderer=None):
        """The boxes as a group with a name."""
        boxes = super().render(name, value, attrs, renderer)
        return format_html(
            '<div role="group" aria-label="{}" class="ticked"><input type="hidden" name="{}" value="">{}</div>',
            gettext("Topics"),
            name,
            boxes,
        )

    def value_from_datadict(self, data, files, name):
        return [value for value in super().value_from_datadict(data, files, name) if value]

    def value_omitted_from_data(self, data, files, name):
        return name not in data


class TopicsField(forms.ModelMultipleChoiceField):
    """What a message is about; a form that was not sent with it says nothing of it."""

    def __init__(self):
        super().__init__(
            Topic.objects.all(),
            label=_("Topics"),
            required=False,
            widget=TickedTopics,
            help_text=_("What it is about. Readers find it on the page and in the feeds of each topic."),
        )

    def has_changed(self, initial, data):
        return data is not None and super().has_changed(initial, data)


class MessageForm(forms.ModelForm):
    """A working copy. It carries the version it was opened at: a stale one is refused and loses nothing."""

    teaser = PlainTextField(
        label=_("Teaser"),
        required=False,
        max_length=TEASER_LENGTH,
        widget=CountedTextarea(TEASER_LIMITS, {"rows": 3, "class": "vLargeTextField"}),
        help_text=_(
            "Two sentences for lists: 160 characters fit in search results, 300 are the most. Leave it empty to take "
            "the first sentences of the text."
        ),
    )
    body = RichTextFormField(label=_("Text"), required=False)
    topics = TopicsField()
    opened_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Names this one opened form to autosave (press.unsaved).
    unsaved_token = TokenField(required=False, max_length=36, widget=forms.HiddenInput)

    class Meta:
        model = Message
        fields = ("language", "title", "slug", "teaser", "body", "signed_in", "signed_on")
        widgets = {"title": CountedInput(TITLE_LIMITS, {"class": "vTextField"})}
        help_texts = {"title": _("65 characters fit in search results, 90 read well, 200 are the most.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["unsaved_token"] = str(uuid4())
        if self.instance.pk:
            self.initial["topics"] = list(self.instance.topics.values_list("topic", flat=True))
        if not self.instance._state.adding:
            self.initial["opened_version"] = self.instance.version
            # Before what was entered is put on the instance.
            self.content_before = content_of(self.instance) if self.is_bound else None

    def clean(self):
        cleaned = super().clean()
        adding = self.instance._state.adding
        if not adding and cleaned.get("opened_version") != self.instance.version:
            raise forms.ValidationError(self._stale_sentence(), code="stale")
        return cleaned

    def _save_m2m(self):
        super()._save_m2m()
        if "topics" in self.data:
            TOPICS.write(self.instance, TOPICS.rows(topic.pk for topic in self.cleaned_data["topics"]))

    def _stale_sentence(self):
        return gettext(
            "%(who)s saved this message on %(when)s, after you had opened it, so yours is not saved. What you typed is "
            "all below: open this page in another window, put the two together there, and save that one."
        ) % {
            "who": self.instance.changed_by.get_full_name() or self.instance.changed_by.get_username(),
            "when": in_host_city(self.instance.changed_at),
        }

    @property
    def has_new_content(self):
        """Whether saving, parts included, has changed what readers would read."""
        return content_of(self.instance) != self.content_before


class PartForm(forms.ModelForm):
    """A part of a message; its place is its position as the officer counts, from one."""

    place = forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Change the number to move it. A new one without a number goes last."),
    )


class ExchangeForm(PartForm):
    """A question and its answer."""

    question = RichTextFormField(label=_("Question"), inline=True)
    answer = RichTextFormField(label=_("Answer"), required=False, top_heading=3)


class PartFormSet(forms.BaseInlineFormSet):
    """The parts of a message, kept in the order of their places."""

    def get_queryset(self):
        """The stored parts; as many rows as the form sent, or the admin would not show what was typed in the others.

        A colleague may have deleted some in the meantime.
        """
        stored = super().get_queryset()
        if not self.is_bound:
            return stored
        gone = min(self.initial_form_count(), self.total_form_count()) - len(stored)
        return [*stored, *(self.model() for _number in range(gone))]

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.initial["place"] = i + 1 if i < self.initial_form_count() else None
        return form

    def save(self, commit=True):
        """Save the parts, then their order if anything was changed."""
        saved = super().save(commit)
        if commit and self.has_changed():
            for position, form in enumerate(self._in_order()):
                self.model.objects.filter(pk=form.instance.pk).update(position=position)
        return saved

    def _in_order(self):
        kept = [form for form in self.forms if form.instance.pk and form not in self.deleted_forms]
        return sorted(kept, key=_place)


def _place(form):
    """What to sort by: the place entered; one that moves up goes before, one that moves down behind who is there."""
    before, wanted = form.initial["place"], form.cleaned_data.get("place")
    if wanted is None:
        return (before or float("inf"), 0)
    if before is None:
        return (wanted, -1)
    return (wanted, (wanted > before) - (wanted < before))


class ReleaseForm(IssueForm):
    """Releasing asks nothing else."""


class ReplaceForm(ActForm):
    """Replacing asks by which message."""

    replacement = forms.CharField(
        label=_("Address of the message that takes its place"),
        max_length=500,
        widget=forms.TextInput({"class": "vLargeTextField"}),
        help_text=_("Copy it from the address bar of the message’s page."),
    )
    field_order = ("replacement", "later")

    def clean_replacement(self):
        message = message_at(self.cleaned_data["replacement"])
        if message is None:
            raise forms.ValidationError(gettext("There is no message at this address."))
        return message


class RescheduleForm(ActForm):
    """Rescheduling asks for the new moment."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["later"].label = gettext("The new time in %s") % host_city()
        self.fields["later"].required = True


class RecallForm(ActForm):
    """Recalling asks nothing."""

    later = None


class CorrectForm(IssueForm):
    """Correcting asks whether readers are told."""

    readers_told = forms.TypedChoiceField(
        label=_("Do readers need to know?"),
        choices=[("yes", _("Yes: show a public note, and the date, with the text")), ("no", _("No: it is minor"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = PlainTextField(
        label=_("Public note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text=_("What has changed, in a sentence for readers."),
    )
    field_order = ("readers_told", "note", "without_approval", "later")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("readers_told") and not cleaned.get("note"):
            self.add_error("note", gettext("Write the note that readers will see."))
        if cleaned.get("readers_told") is False and cleaned.get("note"):
            self.add_error("readers_told", gettext("There is a note for readers: choose Yes, or empty it."))
        return cleaned


class WithdrawForm(ActForm):
    """Withdrawing asks for the reason."""

    reason = PlainTextField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Readers see it in place of the text."),
    )
    field_order = ("reason", "later")


class FeatureForm(forms.Form):
    """Featuring asks until when."""

    until = MomentField(label=_("Until"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].label = gettext("On home until this time in %s") % host_city()
