from django.apps import AppConfig

from embassy import clock


class EmbassyConfig(AppConfig):
    name = "embassy"
    verbose_name = "Embassy"

    def ready(self):
        """Refuse to start with clocks that cannot be read. Raises ImproperlyConfigured."""
        clock.cities()
