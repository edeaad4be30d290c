"""Failed sign-ins: counted, and refused before the password is looked at when there are too many.

django-axes counts, for each username from each address: whoever guesses at the ambassador's password
locks himself out, and not the ambassador. An address that tries many usernames is locked as a whole,
much later, because a mission's officers share one. docs/decisions/sign-in.md says why these.
"""

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.backends import ModelBackend
from django.db.models import Sum
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from embassy.client_address import client_address


class Backend(AxesStandaloneBackend, ModelBackend):
    """Django's, behind the counter. One and no two: Django asks "who may" of the only one there is."""

    def authenticate(self, request, username=None, password=None, **credentials):
        """The user, or None. Raises PermissionDenied, before anything is hashed, where there were too many failures."""
        AxesStandaloneBackend.authenticate(self, request, username, password, **credentials)
        return ModelBackend.authenticate(self, request, username, password, **credentials)


class Handler(AxesDatabaseHandler):
    """The one that counts in the database, with a limit for an address as a whole beside its own."""

    def is_locked(self, request, credentials=None):
        """Whether this username from this address, or everybody from it, has to wait."""
        return super().is_locked(request, credentials) or self._failures_from_address(request) >= (
            settings.SIGN_IN_FAILURES_OF_AN_ADDRESS
        )

    def _failures_from_address(self, request):
        since = request.axes_attempt_time - settings.AXES_COOLOFF_TIME
        recent = AccessAttempt.objects.filter(ip_address=client_address(request), attempt_time__gte=since)
        return recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def username_digest(request, credentials):
    """What the counter keeps for a username: people type their passwords into that field, too."""
    typed = (credentials or request.POST).get("username") or ""
    return salted_hmac("sign-in", typed, algorithm="sha256").hexdigest()


def wait_page(request, original_response=None, credentials=None):
    """429: too many failures. The same whether there is such an account or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {**admin.site.each_context(request), "title": _("Too many failed attempts"), "minutes": minutes}
    response = render(request, "admin/wait.html", context, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response
