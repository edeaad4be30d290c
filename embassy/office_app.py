"""Django's admin as this project installs it."""

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """With our site in the place of its own."""

    default_site = "embassy.office.OfficeSite"
