"""Answers that know whether the reader has them already, where the page cache does not see to it."""

from functools import wraps

from django.views.decorators.http import conditional_page

from embassy.page_cache.shelf import STAMP


def conditional(view):
    """As django.views.decorators.http.conditional_page; a page that is kept gets its ETag from the page cache."""
    alone = conditional_page(view)

    @wraps(view)
    def answer(request, *args, **kwargs):
        return (view if STAMP in request.environ else alone)(request, *args, **kwargs)

    return answer
