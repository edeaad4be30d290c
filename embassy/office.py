"""The admin site: the press office's."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

# What officers come for stands first; what is not named here follows, as Django orders it.
APPS = ("press", "consular", "embassy")
SECTIONS = ("PressRelease", "Statement", "QandA")


class OfficeSite(AdminSite):
    """Django's, under our name and in our order."""

    site_title = site_header = index_title = _("Press office")

    def get_app_list(self, request, app_label=None):
        """The sections this user may see."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], SECTIONS))
        return sorted(apps, key=lambda app: _place(app["app_label"], APPS))


def _place(name, order):
    return order.index(name) if name in order else len(order)
