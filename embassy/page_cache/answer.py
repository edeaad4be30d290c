"""A complete answer that can be given again: its bytes in each encoding, each with an ETag of its own."""

import gzip
import hashlib
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import brotli

# The browser's copy is asked about every time; the question costs next to nothing.
CACHE_CONTROL = "max-age=0, must-revalidate"
# The best first. Levels at which a page takes a tenth of a millisecond or two: whoever asks first waits for it.
COMPRESSORS = {
    "br": lambda content: brotli.compress(content, quality=5),
    # Without a time: the same page has the same bytes, and so the same ETag, in every process.
    "gzip": lambda content: gzip.compress(content, compresslevel=4, mtime=0),
}
IDENTITY = "identity"
# A variant is kept if it is at most half as long, so that all together are at most twice as long.
WORTH_KEEPING = 2
LONGEST_KEPT = 2
# What headers and bookkeeping take beside the content, in bytes.
OVERHEAD = 2048
# An answer has these of its own, whatever the view said. The ETag alone says whether a copy is true:
# a Last-Modified in whole seconds would not move when a message is withdrawn.
OWN_HEADERS = {"cache-control", "content-encoding", "content-length", "etag", "last-modified", "vary"}


class Variant(NamedTuple):
    """The content in one encoding, with the headers that go with it."""

    content: bytes
    etag: str
    headers: list
    # Those of an answer without content (RFC 9110, 15.4.5).
    headers_unchanged: list


class Answer:
    """A status line, headers and content, given out in the encoding that is asked for."""

    def __init__(self, status, headers, content):
        self.status = status
        self.headers = headers
        self.content = content
        named = {name.lower(): value for name, value in headers}
        # The ETag of a file, whose bytes the proxy in front adds; None where the content is all there is.
        self.etag_of_file = named.get("etag") if "x-accel-redirect" in named else None
        # Of a file, what is said to whoever has it already: an Answer.
        self.unchanged = None
        self._own_headers = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
        self._variants = {}
        self._lock = Lock()

    @property
    def is_page(self):
        """Whether it may be kept: errors, redirects and what is gone are told anew each time."""
        return self.status.startswith("200 ")

    @property
    def size(self):
        """The bytes of memory that it takes at most, with all its encodings."""
        return LONGEST_KEPT * len(self.content) + OVERHEAD

    def variant(self, accept_encoding):
        """The Variant for a browser that says it accepts these encodings (the header's text)."""
        encoding = preferred(accept_encoding)
        found = self._variants.get(encoding)
        if found is None:
            with self._lock:
                found = self._variants.get(encoding) or self._variants.setdefault(encoding, self._make(encoding))
        return found

    def _make(self, encoding):
        content = self.content if encoding == IDENTITY else COMPRESSORS[encoding](self.content)
        if encoding != IDENTITY and len(content) * WORTH_KEEPING > len(self.content):
            encoding, content = IDENTITY, self.content
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        always = [("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Vary", "Accept-Encoding")]
        encoded = [] if encoding == IDENTITY else [("Content-Encoding", encoding)]
        length = [("Content-Length", str(len(content)))]
        return Variant(content, etag, [*self._own_headers, *always, *encoded, *length], always)


@lru_cache(maxsize=256)
def preferred(accept_encoding):
    """The best of our encodings that the header's text accepts (RFC 9110, 12.5.3)."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    everything = weights.get("*", 0)
    return next((name for name in COMPRESSORS if weights.get(name, everything) > 0), IDENTITY)


def _weight(parameters):
    name, _, value = parameters.replace(" ", "").partition("=")
    if name != "q":
        return 1
    try:
        return float(value)
    except ValueError:
        return 0


def is_known(etag, if_none_match):
    """Whether the browser already has the bytes of `etag` (the text of If-None-Match, RFC 9110, 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return etag in {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
