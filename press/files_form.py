"""The forms of a message's pictures and files, and what they are sent with."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from press.models import Attachment, Photo

LONG = {"class": "vLargeTextField"}


class PhotoForm(forms.ModelForm):
    """What readers are told of a picture; `must_describe` refuses one without an alternative text."""

    class Meta:
        model = Photo
        fields = ("alt", "is_decorative", "caption", "credit", "focal_x", "focal_y")
        widgets = {
            "alt": forms.Textarea({"rows": 2, **LONG}),
            "caption": forms.Textarea({"rows": 2, **LONG}),
            "credit": forms.TextInput(LONG),
        }

    def __init__(self, *args, must_describe=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.must_describe = must_describe

    def clean(self):
        cleaned = super().clean()
        alt, is_decorative = cleaned.get("alt"), cleaned.get("is_decorative")
        if alt and is_decorative:
            sentence = gettext("A decorative picture has no alternative text: choose one of the two.")
            self.add_error("is_decorative", sentence)
        elif self.must_describe and not (alt or is_decorative or "alt" in self.errors):
            self.add_error("alt", gettext("Describe the picture, or say that it is decorative."))
        return cleaned


class AttachmentForm(forms.ModelForm):
    """What readers are told of a document."""

    class Meta:
        model = Attachment
        fields = ("title", "language", "note")
        widgets = {"title": forms.TextInput(LONG), "note": forms.TextInput(LONG)}


class SeveralFiles(forms.ClearableFileInput):
    """A file input for many at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"


class UploadForm(forms.Form):
    """Files to upload; each is looked into on its own (press.uploads)."""

    uploads = forms.FileField(
        label=_("Pictures and files"),
        required=False,
        widget=SeveralFiles,
        help_text=_(
            "Many at once, if you like. Pictures: JPEG, PNG, WebP, AVIF. Documents: PDF, DOCX, ODT, XLSX, ODS. Nobody "
            "outside the office sees them before the message is live."
        ),
    )
