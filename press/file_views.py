"""The public address of released files and pictures. One gate: a live edition carries it, or it is unknown."""

from django.http import Http404
from django.views.decorators.http import require_safe

from press.models.edition_file import served_at
from press.serving import respond


@require_safe
def file(request, sha256, name):
    """A file that an edition live at the request's moment carries, under the name it has there. Raises Http404.

    One query tells, and nothing else is looked at before it: an embargoed file, a withdrawn one and
    one that never was are the same.
    """
    found = served_at(sha256, name, request.at)
    if found is None:
        raise Http404
    return respond(request, found, name)
