"""`make audit`: whether a flaw is known in what the lock file pins. What could not be asked is never called sound.

pip-audit itself leaves with 0 where the package index answers but has no advisories, as a mirror does.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "production.txt"
# The exit statuses.
SOUND, FLAWED, NOT_CHECKED = 0, 1, 3


def main():
    """Ask, tell, and leave with the status that says it."""
    status, lines = verdict(*asked(LOCK))
    print("\n".join(lines))
    return status


def asked(lock):
    """What pip-audit says of the packages of the lock file at `lock`, and what it complains of."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
        options = ["--progress-spinner", "off", "--format", "json", "--output", str(report)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)  # noqa: S603
        dependencies = json.loads(report.read_text())["dependencies"] if report.exists() else []
    return dependencies, done.stderr.strip()


def verdict(dependencies, complaint):
    """The exit status, and lines for people."""
    flaws = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none yet'}"
        for each in dependencies
        for flaw in each.get("vulns", [])
    ]
    unknown = [each["name"] for each in dependencies if "skip_reason" in each]
    if dependencies and not unknown:
        return (FLAWED, flaws) if flaws else (SOUND, [f"{len(dependencies)} packages: no flaw is known."])
    lines = ["not checked: the advisory database cannot be reached"]
    lines += [f"without an answer: {', '.join(unknown)}"] if unknown else complaint.splitlines()[-1:]
    return (FLAWED, [*flaws, *lines]) if flaws else (NOT_CHECKED, lines)


if __name__ == "__main__":
    sys.exit(main())
