"""Django, as much of it as a page that is kept needs."""

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string

from embassy.routes import match_of


class Pages(WSGIHandler):
    """A WSGI application that answers as Django does whoever asks with GET, without a cookie, for a kept page.

    Its middlewares are settings.KEPT_PAGES_MIDDLEWARE; they may wrap a request, and have no hooks for views and
    exceptions.
    """

    def load_middleware(self, is_async=False):
        """Put the chain together."""
        self._view_middleware = self._template_response_middleware = self._exception_middleware = []
        handler = convert_exception_to_response(self._get_response)
        for path in reversed(settings.KEPT_PAGES_MIDDLEWARE):
            handler = convert_exception_to_response(import_string(path)(handler))
        self._middleware_chain = handler

    def resolve_request(self, request):
        """As the page cache has resolved it just now."""
        request.resolver_match = match_of(request.path_info)
        return request.resolver_match
