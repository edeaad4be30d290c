"""Bodies of requests that nobody asked for."""

PIECE = 2**16
# What nginx lets through (deploy/nginx/nginx.conf), and a little more.
MOST = 13 * 2**20


def read_out(application):
    """The WSGI `application`, which reads also what it has no use for.

    A server that closes a connection on which something is left unread takes its answer with it: nginx, still
    sending, would call a plain refusal a 502. nginx has the whole body before it begins, and tells its length; for
    whoever claims to send more than MOST bytes, or does not say, nobody waits.
    """

    def reading(environ, start_response):
        answer = application(environ, start_response)
        if _length(environ) in range(1, MOST + 1):
            try:
                _discard(environ["wsgi.input"])
            except BaseException:
                _close(answer)
                raise
        return answer

    return reading


def _length(environ):
    said = environ.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() and len(said) < 20 else 0


def _discard(body):
    while body.read(PIECE):
        pass


def _close(answer):
    if hasattr(answer, "close"):
        answer.close()
