"""Answer with a file: conditional and range requests, by Django or, where nginx stands in front, by nginx.

Whoever calls this has decided that the visitor may have the file. Nothing here looks at a header of
the request before that.
"""

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from whitenoise.responders import SlicedFile, StaticFile

from press import blobs
from press.models import Rendition

# The gate is asked before each use: after a withdrawal no browser and no cache has the file by right.
ASK_AGAIN = "no-cache"
NEVER_KEEP = "private, no-store"
OF_THE_FILE = {"Content-Security-Policy", "Cross-Origin-Resource-Policy", "X-Content-Type-Options"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def respond(request, rendition, name, lifetime=ASK_AGAIN):
    """The file of a Rendition, called `name`; documents are for saving, pictures for looking at."""
    sha256, size, media_type = rendition.sha256, rendition.size, rendition.media_type
    is_document = rendition.purpose == Rendition.Purpose.DOCUMENT
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": lifetime,
        "Accept-Ranges": "bytes",
        "Content-Type": media_type,
        "Content-Disposition": content_disposition_header(is_document, name) or "inline",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    if lifetime == ASK_AGAIN:
        # Pictures for the press may stand in other people's pages and feed readers.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    whole = HttpResponse(headers=headers)
    answer = get_conditional_response(request, etag=headers["ETag"], response=whole)
    if answer is not whole:
        # A browser puts the headers of a 304 in the place of those it has.
        for name in headers.keys() & OF_THE_FILE:
            answer.headers[name] = headers[name]
        return answer
    if settings.ACCEL_LOCATION:
        del whole.headers["Accept-Ranges"]
        whole.headers["X-Accel-Redirect"] = settings.ACCEL_LOCATION + blobs.name_of(sha256)
        return whole
    part = _part(request, headers["ETag"], size)
    if part == ():
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    answer = FileResponse(SlicedFile(blobs.opened(sha256), first, last), status=status, content_type=media_type)
    for header, value in headers.items():
        answer.headers[header] = value
    return answer


def _part(request, etag, size):
    """The first and last byte asked for; None: the whole file; (): there are no such bytes.

    One range only, as RFC 9110 allows; a list of them is answered with the whole file.
    """
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        return None
    try:
        first, last = StaticFile.parse_byte_range(wanted)
    except ValueError:
        return None
    if first < 0:
        first = max(size + first, 0)
    elif not wanted.strip().partition("=")[2].strip().partition("-")[0].isdecimal():
        return None
    if last is not None and last < first:
        return None
    last = size - 1 if last is None else min(last, size - 1)
    return (first, last) if first <= last else ()
