"""`make run`, before there is an environment: checks, makes .venv, goes on in it as deploy/serve.py."""

import os
import socket
import sys

import environment


def main():
    """Start the press office with demo content on 127.0.0.1:$PORT; leave with a sentence where it cannot."""
    port = os.environ.setdefault("PORT", "8000")
    check_port(port)
    # Without the wheel's database another is given, so its wheel is not needed.
    environment.prepare("production" if os.environ.get("DATABASE_URL") else "local")
    os.chdir(str(environment.ROOT))
    os.execv(str(environment.PYTHON), [str(environment.PYTHON), "-m", "deploy.serve"])  # noqa: S606 — our own program


def check_port(port):
    """Leave with a sentence unless 127.0.0.1:`port` (text) is free."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        sys.exit(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        # As gunicorn will: connections of the last run that still linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            sys.exit(f"Port {port} is not for ordinary users: choose another with PORT=8001.")
        except OSError:
            sys.exit(f"Port {port} is in use: choose another with PORT={int(port) + 1}.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
