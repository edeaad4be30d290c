"""Which archives of a folder are kept: the newest of each day, week and month, for as many as are asked for."""

from datetime import UTC, datetime

PREFIX, SUFFIX = "press-office-", ".tar"
STAMP = f"{PREFIX}%Y-%m-%dT%H%M%SZ{SUFFIX}"


def archives(folder, partial=False):
    """{path: moment (UTC)} of the archives in `folder`, by their names; with `partial`, of those never finished."""
    found = {}
    for path in folder.iterdir():
        name = path.name.removeprefix(".").removesuffix(".partial") if partial else path.name
        if partial and name == path.name:
            continue
        try:
            found[folder / name] = datetime.strptime(name, STAMP).replace(tzinfo=UTC)
        except ValueError:
            # Whatever else lies there is not ours.
            continue
    return found


def superfluous(made, daily, weekly, monthly):
    """Those of `made` ({path: moment}) that are the newest of none of the last days, weeks and months.

    The newest of all is never among them.
    """
    newest_first = sorted(made, key=made.get, reverse=True)
    kept = set(newest_first[:1])
    for number, period in ((daily, "%Y-%m-%d"), (weekly, "%G-%V"), (monthly, "%Y-%m")):
        newest_of = {}
        for path in newest_first:
            newest_of.setdefault(made[path].strftime(period), path)
        kept.update(list(newest_of.values())[:number])
    return [path for path in newest_first if path not in kept]


def rotate(folder, daily, weekly, monthly):
    """Remove the superfluous archives of `folder`; returns their names."""
    gone = superfluous(archives(folder), daily, weekly, monthly)
    for path in gone:
        path.unlink()
    return [path.name for path in gone]
