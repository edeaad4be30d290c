"""Editions of which first the keys are found, and then those alone are read that nobody has rendered before."""

from collections.abc import Sequence
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField

from embassy.prepared import Given, Prepared
from press.models import Edition
from press.shown_files import give_files
from press.topics import with_topics


def _of_keys():
    return Edition.objects.filter(id__is_one_of=Given("keys", ArrayField(BigIntegerField())))


_rows = Prepared(lambda: _of_keys().for_rows().order_by())
_whole = Prepared(lambda: with_topics(_of_keys().whole()))


class Rows(Sequence):
    """Editions in the order of their `keys`, with what a row of a list shows, read when somebody looks at them.

    As embassy.page_cache.memo wants them.
    """

    def __init__(self, keys):
        self.keys = list(keys)

    @staticmethod
    def read(keys):
        """The editions of some `keys`, by key."""
        return {edition.pk: edition for edition in _rows(keys=keys)}

    @cached_property
    def _editions(self):
        found = self.read(self.keys) if self.keys else {}
        return [found[key] for key in self.keys]

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, index):
        return self._editions[index]


class Whole(Rows):
    """Editions in the order of their `keys`, with their texts, their topics and what they carry."""

    @staticmethod
    def read(keys):
        """The editions of some `keys`, by key; a query more where one carries pictures or documents."""
        editions = _whole(keys=keys)
        give_files(editions)
        return {edition.pk: edition for edition in editions}
