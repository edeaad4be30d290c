"""A form that shows fields as they were once posted, and judges none of them until it is sent."""

from django.forms.utils import ErrorDict


class _Unjudged:
    """For a form that is bound to show something, not to be saved."""

    def full_clean(self):
        """Nothing is wrong yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def is_valid(self):
        """Nothing can be saved yet."""
        return False


def reopened_form(form_class, fields):
    """`form_class`, filled with the posted `fields`."""

    class Reopened(_Unjudged, form_class):
        def __init__(self, _data=None, _files=None, **kwargs):
            super().__init__(**{**kwargs, "data": fields})

    return Reopened


def reopened_formset(formset_class):
    """`formset_class` whose forms are not judged; the admin gives it its data."""

    class Reopened(formset_class):
        form = type("Reopened", (_Unjudged, formset_class.form), {})

        def full_clean(self):
            """Nothing is wrong yet."""
            self._errors = [ErrorDict() for _form in self.forms]
            self._non_form_errors = self.error_class()

        def is_valid(self):
            """Nothing can be saved yet."""
            return False

    return Reopened
