from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from embassy.starting import starting


class PressConfig(AppConfig):
    name = "press"
    verbose_name = _("Press office")

    def ready(self):
        """Tell of ourselves; and let no canary go live that a machine left behind when it lost its power."""
        # It needs the models.
        import press.signs  # noqa: F401, PLC0415

        starting.connect(_remove_canaries, dispatch_uid="press.embargo")


def _remove_canaries(**_arguments):
    # It needs the models.
    from press.embargo.canary import remove_all  # noqa: PLC0415

    remove_all()
