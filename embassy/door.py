"""The door of the office: its path and networks are settings, and what is behind it is kept by nobody."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.cache import add_never_cache_headers

from embassy.client_address import client_address, is_within

NOWHERE = "/-/"
TRUSTED_TYPES = ("require-trusted-types-for", "trusted-types")


def office_door(get_response):
    """Middleware: from outside ADMIN_NETWORKS the office is an unknown address; inside no copy is kept."""

    def middleware(request):
        if not is_of_the_office(request.path_info):
            return get_response(request)
        if settings.ADMIN_NETWORKS and not is_within(client_address(request), settings.ADMIN_NETWORKS):
            # Looked up under a path that nothing has, it goes the way of every unknown address.
            request.path_info = NOWHERE
            return get_response(request)
        # PostgreSQL has no such character, and Django's lists would look it up.
        if "\x00" in request.path_info or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest
        response = get_response(request)
        add_never_cache_headers(response)
        # Django's own scripts write markup.
        response._csp_replace = {**getattr(response, "_csp_replace", {}), **dict.fromkeys(TRUSTED_TYPES)}
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


def is_of_the_office(path):
    """Whether `path` leads there; also without the slash that it ends with."""
    return f"{path}/".startswith(f"/{settings.ADMIN_PATH}")
