"""What a stranger can ask: every registered route, what the pages link to, and every way of asking."""

import re
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.urls.converters import IntConverter
from django.utils import translation
from django.utils.translation.trans_real import get_language_from_path

from embassy.routes import routes

OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ENCODINGS = ("identity", "gzip", "br")
# Of the links of our pages, so many to each view in each language.
LINKS_TO_A_VIEW = 3
LINK = re.compile(rb'(?:href="|src="|<loc>|"url": ?")([^"<]+)')
# What a place in a route may be called by another name, by how its values are written.
NUMBERS = ("number", "edition")
TEXTS = ("slug", *NUMBERS)


@dataclass(frozen=True)
class Question:
    """A request of a stranger: a method, a path with its query, and headers as pairs."""

    method: str
    path: str
    headers: tuple = ()

    def __str__(self):
        said = "".join(f", {name}: {value[:80]}" for name, value in self.headers)
        return f"{self.method} {self.path}{said}"


def paths_of(canary):
    """The paths of all routes in all languages, with what they could name of the canary in their places."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for route in routes():
                found |= dict.fromkeys(_asked(route, canary))
    return list(found)


def searches_for(canary, paths):
    """The paths of a search for each of the canary's words, wherever the `paths` of a search are."""
    searches = [path for path in paths if "?" not in path and (_view_of(path) or ("",))[0].endswith("search")]
    return [f"{path}?{urlencode({'q': word})}" for path in searches for word in canary.words.of]


def _asked(route, canary):
    """The paths of `route`: for each thing of the canary that has an address, or with a parameter."""
    if not route.places:
        yield route.path({})
        if not route.is_of_the_office:
            yield f"{route.path({})}?{urlencode({'q': canary.words.common})}"
        return
    for named in canary.named[-1:] if route.is_of_the_office else canary.named:
        known = {place: _candidates(route, place, named, canary) for place in route.places}
        for values in product(*known.values()):
            yield route.path_of(dict(zip(known, values, strict=True)))


def _candidates(route, place, named, canary):
    """What could stand at `place`: the value of that name, else whatever is written in the same way."""
    if place in named:
        return [named[place]]
    if any(place in other for other in canary.named):
        # It names something else, which is asked for by its own.
        return []
    converter = dict(route.converters).get(place)
    return [named[name] for name in (NUMBERS if _takes_numbers_only(converter) else TEXTS)]


def _takes_numbers_only(converter):
    return isinstance(converter, IntConverter)


def links_in(pages):
    """The paths on this site that `pages` (bytes) lead to and that are no static files, few of each view."""
    found, counts = {}, {}
    for page in pages:
        for link in LINK.findall(page):
            path = _own_path(link.decode("utf-8", "replace").replace("&amp;", "&"))
            view = path and _view_of(path)
            if view and path not in found and counts.get(view, 0) < LINKS_TO_A_VIEW:
                found[path] = None
                counts[view] = counts.get(view, 0) + 1
    return list(found)


def _own_path(link):
    address = urlsplit(link)
    own = not address.netloc or f"{address.scheme}://{address.netloc}" == settings.SITE_URL
    if not own or not address.path.startswith("/") or address.path.startswith(settings.STATIC_URL):
        return None
    return address.path + (f"?{address.query}" if address.query else "")


def _view_of(path):
    """What tells the views of a path apart: the name and the language, and whether there is a query."""
    plain, _, query = path.partition("?")
    language = get_language_from_path(plain) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return resolve(plain).view_name, language, bool(query)
        except Resolver404:
            return None


def is_of_the_office(path):
    """Whether strangers are sent away from it, whatever they ask for."""
    return path.startswith(f"/{settings.ADMIN_PATH}")


def conditions_of(canary):
    """The headers that ask on a condition: nobody's, everybody's, and those of one who knows the files' hashes."""
    known = ", ".join(f'"{sha256}"' for sha256 in canary.hashes)
    return (
        (),
        (("If-None-Match", "*"),),
        (("If-None-Match", known),),
        (("If-Match", known),),
        (("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"),),
        (("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),),
        (("Range", "bytes=0-9"),),
        (("Range", "bytes=0-9"), ("If-Range", known.partition(",")[0])),
    )


def questions(canary, paths, thorough=False):
    """The Questions to ask at `paths`, always in the same order.

    Every method, condition and encoding is asked with every path that strangers can read; all
    combinations of them if it is to be `thorough`.
    """
    ways = list(_ways(conditions_of(canary), thorough))
    few = [("GET", ()), *((method, ()) for method in OTHER_METHODS)]
    for path in paths:
        for method, headers in few if is_of_the_office(path) else ways:
            yield Question(method, path, headers)
    for path in searches_for(canary, paths):
        yield Question("GET", path)


def _ways(conditions, thorough):
    """Methods with headers: the plain GET first."""
    encodings = [(("Accept-Encoding", encoding),) for encoding in ENCODINGS]
    yield "GET", ()
    if thorough:
        for method, condition, encoding in product(("GET", "HEAD"), conditions, encodings):
            yield method, condition + encoding
    else:
        yield "HEAD", ()
        yield from (("GET", condition) for condition in conditions[1:])
        yield from (("GET", encoding) for encoding in encodings)
    yield from ((method, ()) for method in OTHER_METHODS)
