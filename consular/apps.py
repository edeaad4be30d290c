from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class ConsularConfig(AppConfig):
    name = "consular"
    verbose_name = _("Consular section")

    def ready(self):
        """Remind the owners of old facts whenever somebody signs in, so that it needs no timer."""
        import consular.signs  # noqa: F401, PLC0415
        from consular.reminding import remind_on_sign_in  # noqa: PLC0415 — models are not there before

        user_logged_in.connect(remind_on_sign_in, dispatch_uid="consular.remind_on_sign_in")
