"""The editions of a list: first their keys, then, of those whose row was not rendered before, what a row shows."""

from collections.abc import Sequence
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField

from embassy.prepared import Given, Prepared
from press.models import Edition

_of_keys = Prepared(
    lambda: Edition.objects.filter(id__is_one_of=Given("keys", ArrayField(BigIntegerField()))).for_rows().order_by()
)


class Rows(Sequence):
    """Editions in the order of their `keys`, read when somebody looks at them, with what a row of a list shows."""

    def __init__(self, keys):
        self.keys = list(keys)

    @staticmethod
    def read(keys):
        """The editions of some `keys`, by key."""
        return {edition.pk: edition for edition in _of_keys(keys=keys)}

    @cached_property
    def _editions(self):
        found = self.read(self.keys) if self.keys else {}
        return [found[key] for key in self.keys]

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, index):
        return self._editions[index]
