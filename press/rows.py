"""Editions of which first the keys are found, and then those alone are read that nobody has rendered before."""

from collections.abc import Sequence
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateTimeField

from embassy.prepared import Given, Prepared
from press.models import Edition
from press.shown_files import give_files
from press.topics import with_topics

AT = Given("at", DateTimeField())


def _of_keys():
    # The keys were those of live editions; here they are asked once more.
    return Edition.objects.live(AT).filter(id__is_one_of=Given("keys", ArrayField(BigIntegerField())))


_rows = Prepared(lambda: _of_keys().for_rows().order_by())
_whole = Prepared(lambda: with_topics(_of_keys().whole()))


class Rows(Sequence):
    """Live editions in the order of their `keys`, with what a row of a list shows, read when somebody looks at them.

    They are live at the aware moment `at`. As embassy.page_cache.memo wants them.
    """

    def __init__(self, keys, at):
        self.keys, self.at = list(keys), at

    def read(self, keys):
        """The live editions of some `keys`, by key."""
        return {edition.pk: edition for edition in _rows(at=self.at, keys=keys)}

    @cached_property
    def _editions(self):
        found = self.read(self.keys) if self.keys else {}
        return [found[key] for key in self.keys if key in found]

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, index):
        return self._editions[index]


class Whole(Rows):
    """Editions in the order of their `keys`, with their texts, their topics and what they carry."""

    def read(self, keys):
        """The live editions of some `keys`, by key; a query more where one carries pictures or documents."""
        editions = _whole(at=self.at, keys=keys)
        give_files(editions)
        return {edition.pk: edition for edition in editions}
