"""The request that is being answered, for what is told about it elsewhere: log lines and the audit log."""

import re
import uuid
from contextvars import ContextVar

from django.conf import settings

from embassy.client_address import is_within

_current = ContextVar("current_request", default=None)
# As nginx writes its $request_id.
IDENTIFIER = re.compile(r"[0-9a-f]{32}", re.ASCII)


def current_request():
    """The request that this thread answers, or None outside of one."""
    return _current.get()


def remembered(get_response):
    """Middleware: remember the request while it is answered, and give it an `id` of 32 hexadecimal digits.

    A proxy of ours (settings.TRUSTED_PROXIES) may have given it one already, which stands in its own log.
    """

    def middleware(request):
        request.id = _given(request) or uuid.uuid4().hex
        token = _current.set(request)
        try:
            return get_response(request)
        finally:
            _current.reset(token)

    return middleware


def _given(request):
    given = request.headers.get("X-Request-ID", "")
    trusted = IDENTIFIER.fullmatch(given) and is_within(request.META.get("REMOTE_ADDR"), settings.TRUSTED_PROXIES)
    return given if trusted else None
