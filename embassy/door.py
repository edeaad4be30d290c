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
        questions = [(name, value) for name, values in request.GET.lists() for value in values]
        if "\x00" in request.path_info or any(_is_no_question(*question) for question in questions):
            raise BadRequest
        response = get_response(request)
        add_never_cache_headers(response)
        # Django's own scripts write markup.
        response._csp_replace = {**getattr(response, "_csp_replace", {}), **dict.fromkeys(TRUSTED_TYPES)}
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


def _is_no_question(name, value):
    """Whether Django's pages would fail at a parameter that no link of theirs has.

    A NUL, which PostgreSQL does not have; the field to go back to, without a name; a year of five digits.
    """
    is_part_of_a_date = name.endswith(("__year", "__month", "__day"))
    return "\x00" in name + value or (name == "_to_field" and not value) or (is_part_of_a_date and len(value) > 4)


def is_of_the_office(path):
    """Whether `path` leads there; also without the slash that it ends with."""
    return f"{path}/".startswith(f"/{settings.ADMIN_PATH}")
