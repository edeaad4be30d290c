"""deploy/roll, with stand-ins for Docker and compose that note their calls: nginx asks nobody who comes or goes."""

import os
import re
import subprocess

import pytest
from django.conf import settings

OLD = ["0" * 63 + "1", "1" * 64]
NEW = ["a" * 64, "b" * 64]
# Stand-ins for both commands: a line for each call, and the containers in a file.
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" | tr -d '\\n' >> {folder}/calls; echo >> {folder}/calls
case "$*" in
    "ps "*) cat {folder}/containers ;;
    *"--wait web") printf '%s\\n' {new} >> {folder}/containers; exit {failing} ;;
    "rm "*)
        for last; do :; done
        grep -v "$last" {folder}/containers > {folder}/left
        mv {folder}/left {folder}/containers ;;
esac
"""
NAMED = re.compile(r"server ([\w]+):8000;")


@pytest.fixture
def roll(tmp_path):
    """Roll; returns the exit status, the calls, and the containers that are left."""

    def rolled(failing=0, running=OLD):
        (tmp_path / "calls").write_text("")
        (tmp_path / "containers").write_text("".join(f"{name}\n" for name in running))
        for name in ("compose", "docker"):
            (tmp_path / name).write_text(STAND_IN.format(folder=tmp_path, new=" ".join(NEW), failing=failing))
            (tmp_path / name).chmod(0o755)
        environment = {**os.environ, "COMPOSE": f"{tmp_path}/compose", "DOCKER": f"{tmp_path}/docker", "SETTLE": "0"}
        done = subprocess.run(
            [settings.BASE_DIR / "deploy" / "roll"], env=environment, capture_output=True, check=False, text=True
        )
        return done.returncode, (tmp_path / "calls").read_text().splitlines(), (tmp_path / "containers").read_text()

    return rolled


def asked_while(calls):
    """[(call, the servers that nginx asks then)] of the calls that start or end containers."""
    asked, found = ["web"], []
    for call in calls:
        asked = NAMED.findall(call) or asked
        if re.match(r"docker|compose up .*--wait", call):
            found.append((call.split()[0] + " " + call.split()[1], asked))
    return found, asked


def test_nginx_asks_the_old_ones_until_the_new_are_healthy_and_then_the_new_ones_only(roll):
    status, calls, left = roll()

    changes, asked = asked_while(calls)
    old, new = ([name[:12] for name in names] for names in (OLD, NEW))
    assert (status, left.split()) == (0, NEW)
    assert changes == [("compose up", old), *[("docker stop", new), ("docker rm", new)] * 2]
    assert asked == ["web"]


def test_new_ones_that_are_not_healthy_go_and_nobody_asked_them(roll):
    status, calls, left = roll(failing=1)

    changes, asked = asked_while(calls)
    old = [name[:12] for name in OLD]
    assert (status, left.split()) == (1, OLD)
    assert changes == [("compose up", old), *[("docker rm", old)] * 2]
    assert asked == ["web"]


def test_where_nothing_runs_nothing_is_touched(roll):
    status, calls, _left = roll(running=[])

    assert (status, calls) == (1, ["compose ps --quiet web"])


def test_site_of_nginx_has_the_one_line_that_is_exchanged():
    template = (settings.BASE_DIR / "deploy" / "nginx" / "site.conf.template").read_text()

    assert re.findall(r"^    server .*", template, re.MULTILINE) == ["    server web:8000;"]
