"""Which archives are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from embassy.backup.rotation import STAMP, archives, rotate, superfluous
from embassy.management.commands.backup import keep_of

LAST = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)


def nightly(nights):
    """{name: moment} of one archive each night, the last one at LAST."""
    return {f"{night} nights ago": LAST - timedelta(days=night) for night in range(nights)}


def kept(made, *numbers):
    return [name for name in made if name not in superfluous(made, *numbers)]


def test_newest_of_each_day_week_and_month_are_kept():
    # 26 November 2026 is a Thursday; a week's newest is its Sunday, a month's its last day.
    assert kept(nightly(70), 3, 2, 3) == [
        "0 nights ago",
        "1 nights ago",
        "2 nights ago",
        "4 nights ago",
        "26 nights ago",
        "57 nights ago",
    ]


def test_days_without_an_archive_do_not_count():
    made = {"new": LAST, "old": LAST - timedelta(days=90), "older": LAST - timedelta(days=91)}

    assert kept(made, 2, 0, 0) == ["new", "old"]


def test_only_the_newest_of_a_day_is_kept():
    made = {"evening": LAST, "morning": LAST - timedelta(hours=1)}

    assert kept(made, 5, 5, 5) == ["evening"]


def test_newest_is_kept_whatever_is_asked_for():
    assert kept(nightly(3), 0, 0, 0) == ["0 nights ago"]


def test_rotation_touches_nothing_but_archives(tmp_path):
    names = [moment.strftime(STAMP) for moment in nightly(3).values()]
    for name in [*names, "press-office-notes.tar", ".press-office-2026-11-01T020000Z.tar.partial"]:
        (tmp_path / name).touch()

    assert rotate(tmp_path, 1, 0, 0) == names[1:]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".press-office-2026-11-01T020000Z.tar.partial",
        names[0],
        "press-office-notes.tar",
    ]
    assert [path.name for path in archives(tmp_path, partial=True)] == ["press-office-2026-11-01T020000Z.tar"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, None),
        ({"keep_daily": 2}, {"daily": 2, "weekly": 0, "monthly": 0}),
        ({"keep_monthly": 0}, {"daily": 0, "weekly": 0, "monthly": 0}),
    ],
)
def test_nothing_is_removed_unless_something_was_said(given, kept):
    assert keep_of({"keep_daily": None, "keep_weekly": None, "keep_monthly": None, **given}) == kept
