"""One answer: which encoding a browser gets, its ETag, and when it has the bytes already."""

import gzip

import brotli
import pytest

from embassy.page_cache.answer import Answer, is_known, preferred

LONG = b"<p>The winter garden opens at ten.</p>" * 100


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity, *;q=0", "identity"),
        ("br;q=nonsense", "identity"),
        ("br;level=4", "br"),
        ("brotli", "identity"),
        (",;,", "identity"),
    ],
)
def test_best_encoding_that_is_accepted(accepted, encoding):
    assert preferred(accepted) == encoding


@pytest.mark.parametrize(("accepted", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_content_is_the_same_in_every_encoding(accepted, decode):
    variant = Answer("200 OK", [("Content-Type", "text/html")], LONG).variant(accepted)

    assert decode(variant.content) == LONG
    headers = dict(variant.headers)
    assert headers.get("Content-Encoding", "") == accepted
    assert headers["Content-Length"] == str(len(variant.content))
    assert headers["Content-Type"] == "text/html"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Cache-Control"] == "max-age=0, must-revalidate"


def test_every_encoding_has_its_own_etag_and_the_same_bytes_the_same():
    answer, again = (Answer("200 OK", [], LONG) for _ in range(2))

    etags = [answer.variant(accepted).etag for accepted in ("br", "gzip", "")]

    assert len(set(etags)) == 3
    assert etags == [again.variant(accepted).etag for accepted in ("br", "gzip", "")]
    assert Answer("200 OK", [], LONG + b".").variant("br").etag not in etags


def test_answer_is_compressed_once():
    answer = Answer("200 OK", [], LONG)

    assert answer.variant("br") is answer.variant("br, gzip")


def test_what_compression_does_not_halve_is_left_as_it_is():
    variant = Answer("200 OK", [], b"ok").variant("br")

    assert variant.content == b"ok"
    assert "Content-Encoding" not in dict(variant.headers)


def test_all_encodings_together_take_no_more_than_is_counted():
    answer = Answer("200 OK", [], LONG)

    taken = {len(answer.variant(accepted).content) for accepted in ("br", "gzip", "")}

    assert sum(taken) <= answer.size


def test_headers_of_the_view_that_the_answer_has_itself_are_replaced():
    headers = [("ETag", '"theirs"'), ("Last-Modified", "Thu"), ("Cache-Control", "max-age=60"), ("X-Other", "kept")]

    given = dict(Answer("200 OK", headers, LONG).variant("").headers)

    assert given["ETag"] != '"theirs"'
    assert "Last-Modified" not in given
    assert given["Cache-Control"] == "max-age=0, must-revalidate"
    assert given["X-Other"] == "kept"


@pytest.mark.parametrize(
    ("if_none_match", "known"),
    [
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
    ],
)
def test_browser_knows_what_it_names(if_none_match, known):
    assert is_known('"a"', if_none_match) is known


@pytest.mark.parametrize(
    ("status", "is_page"), [("200 OK", True), ("404 Not Found", False), ("301 Moved", False), ("410 Gone", False)]
)
def test_only_pages_are_kept(status, is_page):
    assert Answer(status, [], b"").is_page is is_page
