"""What a reader is told when something failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

# How soon a database that restarts may be back, in seconds.
AGAIN_AFTER = "5"


def server_error(request):
    """The page of a failure: 503 while the database does not answer, for whoever may ask again; else 500."""
    content = render_to_string("500.html")
    # Django calls this while it handles the exception.
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(content, status=503, headers={"Retry-After": AGAIN_AFTER})
    return HttpResponse(content, status=500)
