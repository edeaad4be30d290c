"""The floor: a WSGI application that answers the bytes of a file, with the headers of the page it came from."""

import json
import os
from pathlib import Path

CONTENT = Path(os.environ["HELLO_CONTENT"]).read_bytes()
HEADERS = [(name, value) for name, value in json.loads(os.environ["HELLO_HEADERS"])]


def application(_environ, start_response):
    """Hello."""
    start_response("200 OK", HEADERS)
    return [CONTENT]
