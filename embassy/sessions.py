"""Sessions that end: a while after the last thing their officer did, and a day after the sign-in anyhow.

The times are the web server's own, in seconds: they have nothing to do with what readers see when.
"""

from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.dispatch import receiver

BEGAN, SEEN = "began", "seen"
# The last moment of use is noted at most this often: a note is a write.
NOTED_EVERY = 60


class SessionStore(DatabaseSessionStore):
    """Django's, in the database; a session whose time is over is as none."""

    def load(self):
        """What the session holds; nothing where it has ended, or does not say when it began."""
        data = super().load()
        if SESSION_KEY in data and _has_ended(data):
            self.delete()
            self._session_key = None
            return {}
        return data


def _has_ended(data):
    now = time()
    began, seen = data.get(BEGAN, 0), data.get(SEEN, 0)
    return now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_MINUTES * 60


@receiver(user_logged_in)
def _begin(sender, request, **kwargs):
    request.session[BEGAN] = request.session[SEEN] = int(time())


def notice_use(get_response):
    """Middleware: an officer's answered request keeps the session from going idle."""

    def middleware(request):
        response = get_response(request)
        # Whoever has not looked into the session (readers' pages) is not made to.
        if request.session.accessed and SESSION_KEY in request.session:
            now = int(time())
            if now - request.session.get(SEEN, 0) >= NOTED_EVERY and not _is_background(request):
                request.session[SEEN] = now
        return response

    return middleware


def _is_background(request):
    """Whether a script asks by itself: a forgotten tab must not keep the office open."""
    return request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def end_sessions(user, but=None):
    """End every session of `user` but the one with the key `but`; returns how many."""
    theirs = [
        session.pk
        for session in Session.objects.exclude(pk=but or "")
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]
