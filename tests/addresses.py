"""Every address of the site, read from the URL resolver: what is registered later is walked, too."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.urls import URLPattern, get_resolver

# `<int:object_id>` and `(?P<url>.*)`: where a value goes into a route.
PLACE = re.compile(r"<(?:[^<>:]+:)?(?P<name>[^<>:]+)>|\(\?P<(?P<group>\w+)>[^()]*\)")


@dataclass(frozen=True)
class Address:
    """A registered view: its name with its namespace, its module and function, and its route."""

    name: str
    view: str
    route: str

    @property
    def is_of_the_office(self):
        """Whether it lies behind the office's path."""
        return self.route.startswith(settings.ADMIN_PATH)

    @property
    def places(self):
        """The names of the values in it."""
        return [found["name"] or found["group"] for found in PLACE.finditer(self.route)]

    def path(self, values):
        """The path with `values` by name in it; bytes stay what they are, texts are quoted."""
        route = PLACE.sub(lambda found: _quoted(values[found["name"] or found["group"]]), self.route)
        return "/" + route.replace("^", "").replace("$", "")


def _quoted(value):
    return value.decode("ascii") if isinstance(value, bytes) else quote(str(value), safe="")


def addresses():
    """Every Address, in the order in which they are looked up."""
    return [
        Address(":".join([*names, pattern.name or ""]), pattern.lookup_str, route)
        for names, route, pattern in _walk(get_resolver().url_patterns, (), "")
    ]


def _walk(patterns, names, before):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield names, route, pattern
        else:
            within = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern.url_patterns, within, route)
