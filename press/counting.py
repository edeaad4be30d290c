"""Fields that count what is typed, against the lengths that serve readers."""

import json

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from press.models.message import TEASER_LENGTH, TITLE_LENGTH

# Up to how many characters, and what is then to be said; beyond the last, the form refuses.
TITLE_LIMITS = (
    (65, _("fits in search results")),
    (90, _("reads well")),
    (TITLE_LENGTH, _("long: 90 read well")),
)
TEASER_LIMITS = ((160, _("fits in search results")), (TEASER_LENGTH, _("fits in lists; search results cut it at 160")))


class Counted:
    """For a text widget: room below it for the count, which the script keeps (static/press/admin/writing.js)."""

    class Media:
        js = ("press/admin/writing.js",)

    def __init__(self, limits, attrs=None):
        super().__init__(attrs)
        self.limits = limits

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.limits = self.limits
        return copied

    def render(self, name, value, attrs=None, renderer=None):
        """The field and, below it, an empty counter."""
        attrs = self.build_attrs(self.attrs, attrs)
        counter = f"{attrs.get('id', name)}_counter"
        attrs["aria-describedby"] = " ".join(filter(None, (attrs.get("aria-describedby"), counter)))
        limits = json.dumps([[limit, str(words)] for limit, words in self.limits], ensure_ascii=False)
        field = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="counted">{}'
            '<p class="counter" id="{}" data-limits="{}" data-says="{}" data-beyond="{}"></p></div>',
            field,
            counter,
            limits,
            _("Characters: %s"),
            _("too long"),
        )


class CountedInput(Counted, forms.TextInput):
    """A line."""


class CountedTextarea(Counted, forms.Textarea):
    """A text of several lines."""
