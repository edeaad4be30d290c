"""Where answers are kept: one an address, within a bound, never an old one in the place of a new one."""

from embassy.page_cache.answer import OVERHEAD, Answer
from embassy.page_cache.shelf import Shelf, Stamp

NOW = Stamp(version=7, minute=100)


def answer(length=0):
    return Answer("200 OK", [], b"a" * length)


def test_answer_is_there_under_its_own_stamp_only():
    shelf, kept = Shelf(2**20), answer()
    shelf.put("/", NOW, kept)

    assert shelf.get("/", NOW) is kept
    assert shelf.get("/", Stamp(8, 100)) is None
    assert shelf.get("/", Stamp(7, 101)) is None
    assert shelf.get("/other/", NOW) is None


def test_newer_answer_takes_the_place_of_the_older():
    shelf, newer = Shelf(2**20), answer(10)
    shelf.put("/", NOW, answer(1000))
    shelf.put("/", Stamp(7, 101), newer)

    assert shelf.get("/", Stamp(7, 101)) is newer
    assert (len(shelf), shelf.size) == (1, newer.size)


def test_older_answer_does_not_take_the_place_of_the_newer():
    shelf, newer = Shelf(2**20), answer()
    shelf.put("/", Stamp(8, 100), newer)
    shelf.put("/", NOW, answer())

    assert shelf.get("/", Stamp(8, 100)) is newer


def test_least_recently_used_makes_room():
    shelf = Shelf(10 * OVERHEAD)
    for address in range(10):
        shelf.put(address, NOW, answer())
    shelf.get(0, NOW)

    shelf.put("one more", NOW, answer())

    assert shelf.get(0, NOW)
    assert shelf.get("one more", NOW)
    assert shelf.get(1, NOW) is None
    assert (len(shelf), shelf.size) == (10, 10 * OVERHEAD)


def test_answer_that_would_drive_out_all_others_is_not_kept():
    shelf = Shelf(10 * OVERHEAD)
    shelf.put("/", NOW, answer(OVERHEAD))

    assert (len(shelf), shelf.size) == (0, 0)
