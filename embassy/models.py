"""What the project itself keeps: the audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditRecord(models.Model):
    """One thing that somebody did, or tried, at the door or with powers. The database refuses to change it."""

    class What(models.TextChoices):
        """What happened; `by` did it, `about` is whose account it was about."""

        SIGNED_IN = "signed-in", _("Signed in")
        REFUSED = "refused", _("Sign-in refused")
        LOCKED = "locked", _("Locked after too many failures")
        SIGNED_OUT = "signed-out", _("Signed out")
        FORBIDDEN = "forbidden", _("Page or act forbidden")
        PASSWORD_ASKED = "password-asked", _("New password asked for")
        PASSWORD_CHANGED = "password-changed", _("Password changed")
        ACCOUNT_MADE = "account-made", _("Account made")
        ACCOUNT_CHANGED = "account-changed", _("Account changed")
        RIGHTS_GIVEN = "rights-given", _("Rights given")
        RIGHTS_TAKEN = "rights-taken", _("Rights taken")
        EXPORTED = "exported", _("Exported")
        IMPORTED = "imported", _("Imported")

    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=30, choices=What)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"), db_index=False
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("whose account"),
        db_index=False,
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit record")
        verbose_name_plural = _("audit log")

    def __str__(self):
        return self.get_what_display()
