"""Texts that exist once for every language of the site, in one column each."""

from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class PerLanguage:
    """Reads the text of the active language: `name = PerLanguage()` reads `name_en`, `name_ru`, …"""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return getattr(instance, f"{self.name}_{get_language() or settings.LANGUAGE_CODE}")

    @property
    def columns(self):
        """The names of the fields that hold the text, in the order of the setting LANGUAGES."""
        return [f"{self.name}_{code}" for code, _name in settings.LANGUAGES]


class PerLanguageModel(models.Model):
    """A model with PerLanguage texts: an optional one is given in every language or in none."""

    class Meta:
        abstract = True

    @classmethod
    def check(cls, **kwargs):
        """Report a language of the site that a text has no column for (consular.E001)."""
        return [*super().check(**kwargs), *(cls._missing(column) for column in cls._columns() if not cls._has(column))]

    def clean(self):
        """Raise ValidationError at the languages in which an optional text is missing that another has."""
        super().clean()
        missing = [column for text in self.per_language() for column in self._gaps(text)]
        if missing:
            raise ValidationError({column: _("Give this in every language.") for column in missing})

    def _gaps(self, text):
        empty = [column for column in text.columns if not getattr(self, column)]
        # A required text complains for itself.
        return [column for column in empty if self._meta.get_field(column).blank and len(empty) < len(text.columns)]

    @classmethod
    def per_language(cls):
        """The PerLanguage texts of this model."""
        return [value for value in vars(cls).values() if isinstance(value, PerLanguage)]

    @classmethod
    def _columns(cls):
        return [column for text in cls.per_language() for column in text.columns]

    @classmethod
    def _has(cls, name):
        try:
            cls._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    @classmethod
    def _missing(cls, name):
        return checks.Error(
            f"{cls.__name__} has no field {name!r}, but LANGUAGES has its language.",
            hint="Add the field and a migration that fills it, or take the language out of LANGUAGES.",
            obj=cls,
            id="consular.E001",
        )


def spoken(data):
    """`data` (plain, as in an edition) in the active language: every dict of languages becomes its text."""
    return _spoken(data, get_language() or settings.LANGUAGE_CODE, {code for code, _name in settings.LANGUAGES})


def _spoken(data, language, codes):
    if isinstance(data, dict):
        if data.keys() == codes:
            return data[language]
        return {name: _spoken(value, language, codes) for name, value in data.items()}
    if isinstance(data, list):
        return [_spoken(value, language, codes) for value in data]
    return data
