"""`make sbom`: what the product is made of (CycloneDX), from the lock file with its hashes, with each part's licence.

The same lock file gives the same bytes: no time and no random number stand in it.
"""

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "production.txt"


def main(path):
    """Write the list to the file at `path`; leave with a sentence where it does not fit its own schema."""
    text = bill_of_materials(LOCK)
    if fault := fault_of(text):
        sys.exit(f"Not written: {fault}")
    Path(path).write_text(text)
    print(f"{path}: {len(json.loads(text)['components'])} packages.")


def bill_of_materials(lock):
    """The list of what the lock file at `lock` pins, as JSON text."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(lock), "--pyproject", "pyproject.toml"]
    options = ["--output-format", "JSON", "--output-reproducible", "--output-file", "-"]
    made = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    bill = json.loads(made.stdout)
    for component in bill["components"]:
        # It repeats the lines of the lock file.
        del component["description"]
        if licence := licence_of(component["name"]):
            component["licenses"] = [licence]
    return json.dumps(bill, indent=2, sort_keys=True) + "\n"


def licence_of(package):
    """The licence that `package` states of itself, as CycloneDX has it; None where it is not installed here."""
    try:
        stated = metadata(package)
    except PackageNotFoundError:
        return None
    if expression := stated.get("License-Expression"):
        return {"expression": expression}
    named = [line for line in stated.get_all("Classifier") or [] if line.startswith("License")]
    name = (stated.get("License") or "").partition("\n")[0].strip() or named[0].rpartition(" :: ")[2]
    return {"license": {"name": name}}


def fault_of(text):
    """What in `text` does not fit the schema of CycloneDX; "" if all does."""
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    return str(JsonStrictValidator(version).validate_str(text) or "")


if __name__ == "__main__":
    main(sys.argv[1])
