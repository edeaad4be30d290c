"""Every registered address, read from the URLconf: what is registered later is found, too."""

import re
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils import translation
from django.utils.translation.trans_real import get_language_from_path

# `<int:object_id>` and `(?P<url>.*)`: where a value goes into a route.
PLACE = re.compile(r"<(?:[^<>:]+:)?(?P<name>[^<>:]+)>|\(\?P<(?P<group>\w+)>[^()]*\)")


@dataclass(frozen=True)
class Route:
    """A registered view: its name with its namespace, its module and function, its route, how values are written.

    The prefix of the active language is part of the route.
    """

    name: str
    view: str
    route: str
    converters: tuple

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

    def path_of(self, values):
        """As `path`, with `values` written by the route's own converters."""
        converters = dict(self.converters)
        return self.path({name: _written(converters.get(name), values[name]) for name in self.places})


def routes():
    """Every Route as the active language writes it, in the order in which they are looked up."""
    return [
        Route(":".join([*names, pattern.name or ""]), pattern.lookup_str, route, tuple(converters.items()))
        for names, route, converters, pattern in _walk(get_resolver().url_patterns, (), "", {})
    ]


# The page cache, the metrics and the handler ask for the same one while they answer a request.
@lru_cache(maxsize=256)
def match_of(path):
    """The ResolverMatch of `path`, in the language that it names itself; None where there is no such address."""
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    # To change the language costs as much as to find an address; mostly it is the right one.
    with nullcontext() if translation.get_language() == language else translation.override(language):
        try:
            return resolve(path)
        # A converter may not take its value.
        except (Resolver404, ValueError):
            return None


def _walk(patterns, names, before, converters):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        known = {**converters, **pattern.pattern.converters}
        if isinstance(pattern, URLPattern):
            yield names, route, known, pattern
        else:
            within = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern.url_patterns, within, route, known)


def _written(converter, value):
    return converter.to_url(value) if converter else value


def _quoted(value):
    return value.decode("ascii") if isinstance(value, bytes) else quote(str(value), safe="")
