"""The door of the office: its path and networks are settings, and what is behind it is kept by nobody."""

from django.conf import settings
from django.utils.cache import add_never_cache_headers

from embassy.client_address import client_address, is_within

NOWHERE = "/-/"


def office_door(get_response):
    """Middleware: from outside ADMIN_NETWORKS the office is an unknown address; inside no copy is kept."""

    def middleware(request):
        if not is_of_the_office(request.path_info):
            return get_response(request)
        if settings.ADMIN_NETWORKS and not is_within(client_address(request), settings.ADMIN_NETWORKS):
            # Looked up under a path that nothing has, it goes the way of every unknown address.
            request.path_info = NOWHERE
            return get_response(request)
        response = get_response(request)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


def is_of_the_office(path):
    """Whether `path` leads there; also without the slash that it ends with."""
    return f"{path}/".startswith(f"/{settings.ADMIN_PATH}")
