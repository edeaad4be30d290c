from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from embassy import clock, public_holidays


class EmbassyConfig(AppConfig):
    name = "embassy"
    verbose_name = _("Security")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Refuse to start with clocks that cannot be read. Raises ImproperlyConfigured."""
        # What happens at every sign-in must be connected before the first; and it needs the models.
        import embassy.audited  # noqa: PLC0415
        import embassy.second_factor  # noqa: PLC0415
        import embassy.sessions  # noqa: F401, PLC0415

        clock.cities()
        register(public_holidays.check_countries)
