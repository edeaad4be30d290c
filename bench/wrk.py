"""wrk (Debian's `wrk`), asked to load one address, and what it tells."""

import re
import shutil
import subprocess
import tempfile
from typing import NamedTuple

CONNECTIONS = 16
# wrk's own language is Lua.
IN_TURN = """
local paths, number = {{{paths}}}, 0
request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number])
end
"""
UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


class Load(NamedTuple):
    """What one run of wrk saw: requests a second, latencies in milliseconds, answers that were no success."""

    requests: int
    rate: float
    median: float
    p99: float
    errors: int


def program():
    """Where wrk is. Raises SystemExit: it is not installed."""
    found = shutil.which("wrk")
    if not found:
        raise SystemExit("This measurement needs wrk: apt-get install wrk")
    return found


def load(url, seconds, *, connections=CONNECTIONS, headers=(), paths=()):
    """Ask for `url`, or for the `paths` of its server in turn, on so many kept connections for so many seconds."""
    command = [program(), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if paths:
            script.write(IN_TURN.format(paths=",".join(f'"{path}"' for path in paths)))
            script.flush()
            command += ["-s", script.name]
        return parsed(subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout)  # noqa: S603 — ours


def parsed(text):
    """The Load that wrk's output `text` tells of."""
    errors = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    if sockets := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text):
        errors += sum(map(int, sockets.groups()))
    return Load(
        requests=int(re.search(r"(\d+) requests in", text)[1]),
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        median=_milliseconds(re.search(r"50%\s+([\d.]+)(\w+)", text)),
        p99=_milliseconds(re.search(r"99%\s+([\d.]+)(\w+)", text)),
        errors=errors,
    )


def _milliseconds(match):
    return float(match[1]) * UNITS[match[2]]
