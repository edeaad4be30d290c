"""Whether the application of this container answers; exit status 0 if so."""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def main():
    """Ask as the proxy would: by the site's own name, which ALLOWED_HOSTS must accept."""
    connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/healthz", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
    status = connection.getresponse().status
    if status != 200:
        sys.exit(f"/healthz answers {status}; a 400 means that SITE_URL's host is not among ALLOWED_HOSTS")


if __name__ == "__main__":
    main()
