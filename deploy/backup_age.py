"""Whether the newest archive of a folder is young enough: `backup_age.py FOLDER HOURS`; exit status 0 if so."""

import sys
import time
from pathlib import Path


def main(folder, hours):
    """Look at the archives only: neither the database nor the application need be there."""
    made = [path.stat().st_mtime for path in Path(folder).glob("press-office-*.tar")]
    if not made:
        sys.exit("there is no backup")
    age = (time.time() - max(made)) / 3600
    if age > float(hours):
        sys.exit(f"the newest backup is {age:.0f} hours old")


if __name__ == "__main__":
    main(*sys.argv[1:])
