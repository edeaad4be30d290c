"""schema.org's vocabulary, as the npm package schema-dts carries it, and a check of JSON-LD against it."""

import re
from functools import cache

import pytest
from django.conf import settings

DEFINITIONS = settings.BASE_DIR / ".local/tools/node_modules/schema-dts/dist/schema.d.ts"
INTERFACE = re.compile(
    r"interface (\w+?)(Base|Leaf) extends ((?:\w+Base(?:, )?)+|Partial<IdReference>) \{(.*?)^\}",
    re.DOTALL | re.MULTILINE,
)
PROPERTY = re.compile(r'^    "([\w-]+)"\??: SchemaValue<(.*), "[\w-]+">;$', re.MULTILINE)
# Types whose values are written as themselves.
PLAIN = {"Text", "URL", "Date", "DateTime", "Time", "Number", "Integer", "Boolean", "Float"}


class Vocabulary:
    """Types with their properties and what may be their values."""

    def __init__(self, text):
        self.parents, self.properties = {}, {}
        for name, part, parents, body in INTERFACE.findall(text):
            above = re.findall(r"(\w+)Base", parents)
            # A leaf without properties of its own stands on its parent's base.
            self.parents.setdefault(name, set()).update(set(above) - {name})
            if part == "Base":
                self.properties[name] = {
                    property_: set(re.findall(r"\w+", values)) for property_, values in PROPERTY.findall(body)
                }

    def lineage(self, name):
        """A type and all above it."""
        found = {name}
        for parent in self.parents.get(name, ()):
            found |= self.lineage(parent)
        return found

    def faults(self, node, path="$"):
        """What in a node, and in those within it, schema.org does not know."""
        kind = node["@type"]
        if kind not in self.parents:
            return [f"{path}: no type {kind}"]
        known = {}
        for each in self.lineage(kind):
            known |= self.properties.get(each, {})
        found = []
        for name, value in node.items():
            if name in {"@type", "@id", "@context"}:
                continue
            # schema.org/docs/actions.html: what an action asks for.
            name = name.removesuffix("-input")
            if name not in known:
                found.append(f"{path}: {kind} has no {name}")
                continue
            for each in value if isinstance(value, list) else [value]:
                found += self._value_faults(each, known[name], f"{path}.{name}")
        return found

    def _value_faults(self, value, expected, path):
        if isinstance(value, dict) and "@type" in value:
            wrong = [] if self.lineage(value["@type"]) & expected else [f"{path}: no {value['@type']} there"]
            return wrong + self.faults(value, path)
        if isinstance(value, dict):
            return [] if value.keys() == {"@id"} else [f"{path}: a node without a type"]
        return [] if expected & PLAIN or value is None else [f"{path}: {value!r} where {sorted(expected)} belong"]


@cache
def vocabulary():
    """The vocabulary; the test is skipped where the package is not installed."""
    if not DEFINITIONS.exists():
        pytest.skip("npm's schema-dts is not installed; .ci/run does")
    return Vocabulary(DEFINITIONS.read_text())
