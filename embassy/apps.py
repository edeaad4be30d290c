from django.apps import AppConfig
from django.core.checks import register

from embassy import clock, public_holidays


class EmbassyConfig(AppConfig):
    name = "embassy"
    verbose_name = "Embassy"

    def ready(self):
        """Refuse to start with clocks that cannot be read. Raises ImproperlyConfigured."""
        # What it does at every sign-in must be connected before the first.
        import embassy.sessions  # noqa: F401, PLC0415 (it needs the models, which are not loaded before)

        clock.cities()
        register(public_holidays.check_countries)
