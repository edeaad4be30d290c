"""What is installed and what the images hold: everything by its hash, nothing secret, nobody root."""

import json
import re
from fnmatch import fnmatch

import pytest
from django.conf import settings

from deploy import audit, sbom

ROOT = settings.BASE_DIR
SECRET = ("*.env", ".env*", "*secret-key*", "*officers.txt*", "*.pem", "*.key", "*.dump", "*.sql", "id_*", "*.sqlite3")


@pytest.mark.parametrize("name", ["production", "local", "development"])
def test_every_requirement_is_pinned_and_has_its_hash(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]

    assert len(lines) > 20
    assert [line for line in lines if not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def in_the_image():
    """The files that .dockerignore lets into the images' context: what its lines with ! name."""
    rules = (ROOT / ".dockerignore").read_text().split("\n")
    assert "*" in rules
    for rule in rules:
        if rule.startswith("!"):
            place = ROOT / rule[1:]
            yield from (
                path for path in [place, *place.rglob("*")] if path.is_file() and "__pycache__" not in path.parts
            )


def test_image_holds_no_secret():
    held = [path.relative_to(ROOT) for path in in_the_image()]

    assert len(held) > 100
    assert [str(path) for path in held if any(fnmatch(path.name, pattern) for pattern in SECRET)] == []
    assert not [path for path in held if {".local", ".git", "tests", "media"} & set(path.parts)]


def test_no_file_of_the_image_holds_this_checkouts_secret_key():
    key = settings.SECRET_KEY.encode()
    local = ROOT / ".local" / "secret-key"
    keys = [key, *([local.read_bytes().strip()] if local.exists() else [])]

    assert [path for path in in_the_image() if any(key in path.read_bytes() for key in keys)] == []


def stages():
    """{name: lines} of the Dockerfile's stages."""
    text = (ROOT / "Dockerfile").read_text()
    return dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM |\Z)", text, re.M | re.S))


@pytest.mark.parametrize("name", ["web", "proxy"])
def test_image_is_not_roots_and_has_no_compiler(name):
    stage = stages()[name]

    assert re.findall(r"^USER (\S+)", stage, re.MULTILINE)[-1] not in {"root", "0", "0:0"}
    assert not re.search(r"gcc|g\+\+|build-essential|-dev\b|\bmake\b", stage)


def test_build_keeps_no_secret_of_its_own():
    build = stages()["build"]

    # For one line each, never as ENV or ARG of the image.
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|DATABASE_URL)", build, re.MULTILINE)
    assert "SECRET_KEY=build" in build


def test_compose_takes_every_capability_away():
    text = (ROOT / "docker-compose.yml").read_text()

    assert "cap_drop: [ALL]" in text
    assert 'security_opt: ["no-new-privileges:true"]' in text
    assert text.count("<<: *hardened") == len(re.findall(r"^  \w+:\n    <<: \*hardened", text, re.MULTILINE)) >= 3
    assert text.count("read_only: true") >= 3
    assert "privileged: true" not in text


def test_log_of_the_database_has_no_rows_and_no_statements():
    (command,) = re.findall(r"^    command: \[postgres, .*", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
    options = dict(re.findall(r"-c, (\w+)=(\w+)", command))

    assert options == {
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
    }


PINNED = """
whitenoise==6.12.0 \\
    --hash=sha256:694ae5cc8a42f4c4e2bf2ca0e64e51e23a040c6a517a85074683d3959e1346c1
six==1.17.0 \\
    --hash=sha256:fdc8b074db390fccb6eb4a3604ae7231f219aa669a2652e0f20e16ba513d5741
"""


def test_bill_of_materials_has_hashes_and_licences_and_fits_its_schema(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(PINNED)

    text = sbom.bill_of_materials(lock)

    found = {component["name"]: component for component in json.loads(text)["components"]}
    assert found.keys() == {"whitenoise", "six"}
    assert found["six"]["licenses"] == [{"license": {"name": "MIT"}}]
    assert found["whitenoise"]["licenses"] == [{"expression": "MIT"}]
    assert found["six"]["externalReferences"][0]["hashes"][0]["content"].startswith("fdc8b074")
    assert sbom.fault_of(text) == ""
    assert "serialNumber" not in json.loads(text)
    assert "timestamp" not in json.loads(text)["metadata"]
    assert sbom.fault_of(text.replace('"library"', '"book"'))


SOUND = {"name": "six", "version": "1.17.0", "vulns": []}
FLAWED = {"name": "six", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "nh3", "skip_reason": "Dependency not found on PyPI and could not be audited: nh3 (1)"}
UNREACHED = "not checked: the advisory database cannot be reached"


@pytest.mark.parametrize(
    ("dependencies", "complaint", "status", "lines"),
    [
        ([SOUND], "", 0, ["1 packages: no flaw is known."]),
        ([FLAWED], "", 1, ["six 1.0: PYSEC-1, mended in 1.1"]),
        # As pip-audit says it of an index without advisories, and leaves with 0.
        ([SOUND, SKIPPED], "No known vulnerabilities found", 3, [UNREACHED, "without an answer: nh3"]),
        ([FLAWED, SKIPPED], "", 1, ["six 1.0: PYSEC-1, mended in 1.1", UNREACHED, "without an answer: nh3"]),
        ([], "Traceback\nConnectionError: no network", 3, [UNREACHED, "ConnectionError: no network"]),
    ],
)
def test_what_was_not_checked_is_not_called_sound(dependencies, complaint, status, lines):
    assert audit.verdict(dependencies, complaint) == (status, lines)


def test_only_nginx_is_published_and_the_metrics_are_not_behind_it():
    compose = [(ROOT / name).read_text() for name in ("docker-compose.yml", "docker-compose.tls.yml")]
    nginx = "".join(path.read_text() for path in (ROOT / "deploy" / "nginx").iterdir())
    publishing = [re.findall(r"^  (\w+):(?:\n    .*|\n\s*)*?\n    ports:", text, re.MULTILINE) for text in compose]
    metrics_port = re.search(r'METRICS_PORT: "(\d+)"', compose[0])[1]

    assert publishing == [["proxy"], ["proxy"]]
    assert not [line for text in compose for line in text.splitlines() if "ports:" in line and metrics_port in line]
    assert metrics_port not in nginx
