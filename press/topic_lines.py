"""The topics that the lines of an import name: a new one has the same names in all lines, and has them alone."""

from press.message_lines import NAMES, Faulty
from press.models import Topic


class NamedTopics:
    """The topics that are here, and those of the lines that were looked at."""

    def __init__(self):
        self.here = set()
        self.names, self.owners = {}, {}
        for topic in Topic.objects.all():
            self.here.add(topic.slug)
            for column in NAMES:
                self.owners[column, getattr(topic, column).lower()] = topic.slug

    def check(self, topics):
        """Look at the `topics` of a line (dicts of slug and names). Raises Faulty.

        One that is here keeps the names it has here, whatever the line calls it.
        """
        faults = []
        for place, topic in enumerate(topics, 1):
            if topic["slug"] not in self.here:
                faults += [(("topics", place, column), reason) for column, reason in self._faults(topic)]
        if faults:
            raise Faulty(*faults)

    def _faults(self, topic):
        names = self.names.setdefault(topic["slug"], topic)
        for column in NAMES:
            owner = self.owners.setdefault((column, topic[column].lower()), topic["slug"])
            if topic[column] != names[column]:
                yield column, "is not what an earlier line calls this topic"
            elif owner != topic["slug"]:
                yield column, f"is the name of the topic {owner}"
