"""The admin site: the press office's."""

from django.contrib.admin import AdminSite
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from embassy import second_factor

# What officers come for stands first; what is not named here follows, as Django orders it.
APPS = ("press", "consular", "embassy")
SECTIONS = ("PressRelease", "Statement", "QandA")


class OfficeSite(AdminSite):
    """Django's, under our name and in our order."""

    site_title = site_header = index_title = _("Press office")
    # The index page leads everywhere; a form needs the room.
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Whether this request may see the office: an account of its staff, and the second factor where there is one.

        Whoever is half in may at least leave.
        """
        allowed = super().has_permission(request)
        return allowed and (second_factor.is_given(request) or request.path == reverse("admin:logout"))

    def login(self, request, extra_context=None):
        """The form for name and password; whoever has given these is asked for the second factor."""
        if request.method == "GET" and super().has_permission(request) and not second_factor.is_given(request):
            return second_factor.ask(request)
        return super().login(request, extra_context)

    def get_app_list(self, request, app_label=None):
        """The sections this user may see."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], SECTIONS))
        return sorted(apps, key=lambda app: _place(app["app_label"], APPS))


def _place(name, order):
    return order.index(name) if name in order else len(order)
