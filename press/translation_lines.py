"""The lines of an import that say the same in different languages: they name one group."""

from uuid import uuid4

from press.message_lines import Faulty


class NamedGroups:
    """The groups that lines have named so far, with the languages in them."""

    def __init__(self):
        self.languages = {}

    def check(self, entry):
        """Look at an entry. Raises Faulty: its group has a text in its language already."""
        if entry.translations is None:
            return
        languages = self.languages.setdefault(entry.translations, set())
        if entry.language in languages:
            raise Faulty((("translations",), f"names a group that has a text in the language {entry.language} already"))
        languages.add(entry.language)


class Groups:
    """The keys of groups by their names, over all batches of an import."""

    def __init__(self):
        self.first = {}

    def linked(self, pairs):
        """(message, group) for those of `pairs` (message, entry) that say the same as another one.

        The first message of a group is linked when the second one comes.
        """
        for message, entry in pairs:
            name = entry.translations
            if name is None:
                continue
            if name not in self.first:
                self.first[name] = message.pk, message.language, None
                continue
            key, language, group = self.first[name]
            if group is None:
                group = uuid4()
                self.first[name] = key, language, group
                yield key, language, group
            yield message.pk, message.language, group
