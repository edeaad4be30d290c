"""The form field for a moment: typed in the host city's time, shown in every city's, never moved by saving."""

from datetime import datetime, timedelta

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from embassy import clock, two_clocks

# Nobody plans further ahead: what is entered beyond is a slip of the finger.
FURTHEST = timedelta(days=2 * 366)


class MomentInput(forms.DateTimeInput):
    """The browser's own field for date and time, with the other cities' times below it.

    A hidden field carries the exact moment that the text stands for. What is sent back unchanged is
    that moment, also where the text alone would lose its seconds, or names an hour that comes twice.
    """

    input_type = "datetime-local"
    supports_microseconds = True

    class Media:
        js = ("embassy/two-clocks.js",)

    def render(self, name, value, attrs=None, renderer=None):
        """The field, and below it what its moment means; the texts come from the project's own templates."""
        attrs = self.build_attrs(self.attrs, attrs)
        clocks_id = f"{attrs.get('id', name)}_clocks"
        attrs["aria-describedby"] = " ".join(filter(None, (attrs.get("aria-describedby"), clocks_id)))
        is_moment = isinstance(value, datetime)
        context = {
            "name": name,
            "was": value.isoformat() if is_moment else "",
            "clocks_id": clocks_id,
            "lines": two_clocks.lines_of(value) if is_moment else two_clocks.lines_about(value or ""),
        }
        field = super().render(name, value, attrs, renderer)
        return format_html("{}{}", field, render_to_string("embassy/moment_clocks.html", context))

    def format_value(self, value):
        """What stands in the field for an aware moment, or what was typed."""
        return two_clocks.typed(value) if isinstance(value, datetime) else value

    def value_from_datadict(self, data, files, name):
        """The moment that was there, if the text still says it; else the text."""
        text = super().value_from_datadict(data, files, name)
        return _moment(data.get(f"{name}-was"), text) or text


def _moment(was, text):
    """The aware moment that `was` (ISO 8601) names, if it is one and `text` still stands for it; else None."""
    try:
        moment = datetime.fromisoformat(was or "")
        return moment if moment.tzinfo and two_clocks.typed(moment) == text else None
    except (ValueError, OverflowError):
        return None


class MomentField(forms.DateTimeField):
    """An aware moment, in the host city's time. Refuses an hour that the clock change skips or repeats."""

    widget = MomentInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.error_messages["too_far"] = _("Choose a moment within the next two years.")

    def prepare_value(self, value):
        """The moment itself: the widget knows the zone, and needs to know which of two equal hours it is."""
        return value

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            refusals = [sentence for kind, sentence in two_clocks.lines_about(str(value)) if kind == "refusal"]
            if getattr(error, "code", None) == "ambiguous_timezone" and refusals:
                raise forms.ValidationError(refusals[0], code="ambiguous_timezone") from error
            raise

    def validate(self, value):
        super().validate(value)
        if value is not None and abs(value - clock.now()) > FURTHEST:
            raise forms.ValidationError(self.error_messages["too_far"], code="too_far")
