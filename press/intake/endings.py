"""Where a picture ends, and what must not be in it: a file that is two things at once is refused.

Nothing of an upload's bytes is published, pictures are drawn anew. But who uploads a picture with a
page or an archive in it should hear of it, and no copy of it should stay here.
"""

import re

from press.intake.kinds import AVIF, JPEG, PNG, WEBP
from press.intake.refusal import Unfit

# What a browser or a server would run. Long enough never to appear by chance in compressed pixels.
ACTIVE = re.compile(rb"<script|<!doctype|<iframe|<html[ >]|<svg[ >]|<\?php|javascript:|#!/bin/", re.IGNORECASE)
# In the data of a JPEG scan FF is followed by 00, by a restart or by another FF; anything else is a marker.
MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# Telephones put a second picture, a film of three seconds or a table of their own behind a JPEG.
# It is dropped, as all that is no pixel.
TRAILERS = (b"\xff\xd8\xff",)
BOXES_OF_A_STILL = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"moov"}


def check(data, kind):
    """Raise Unfit where the picture `data` of a `kind` hides something, or goes on behind its end."""
    if ACTIVE.search(data):
        raise Unfit("hidden_page")
    rest = data[{JPEG: _end_of_jpeg, PNG: _end_of_png, WEBP: _end_of_webp, AVIF: _end_of_avif}[kind](data) :]
    if rest.strip(b"\x00\r\n ") and not (kind == JPEG and _is_usual_trailer(rest)):
        raise Unfit("goes_on")


def _is_usual_trailer(rest):
    film = rest[4:8] == b"ftyp" and b"PK\x05\x06" not in rest[-66_000:]
    samsung = rest.rstrip(b"\x00").endswith(b"SEFT") and b"PK\x05\x06" not in rest[-66_000:]
    another = rest.lstrip(b"\x00").startswith(TRAILERS) and _is_only_pictures(rest)
    return film or samsung or another


def _is_only_pictures(rest):
    """Whether `rest` is JPEG pictures one after the other, and nothing else."""
    while rest := rest.lstrip(b"\x00"):
        if not rest.startswith(TRAILERS):
            return False
        rest = rest[_end_of_jpeg(rest) :]
    return True


def _end_of_jpeg(data):
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise Unfit("damaged")
        marker = data[at + 1]
        if marker == END_OF_IMAGE:
            return at + 2
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        at += 2 + max(length, 2)
        if marker == START_OF_SCAN:
            following = MARKER.search(data, at)
            if following is None:
                raise Unfit("damaged")
            at = following.start()
    if data[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise Unfit("damaged")


def _end_of_png(data):
    at = 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return at
    raise Unfit("damaged")


def _end_of_webp(data):
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Unfit("damaged")
    return end + end % 2


def _end_of_avif(data):
    at = 0
    while at + 8 <= len(data) and data[at + 4 : at + 8] in BOXES_OF_A_STILL:
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size == 0:
            return len(data)
        if size < head:
            raise Unfit("damaged")
        at += size
    if at > len(data):
        raise Unfit("damaged")
    return at
