"""What the project itself keeps: the audit log, officers' second factors, and how backups went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.plugins.otp_totp.models import TOTPDevice


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
        SECOND_FACTOR_SET_UP = "second-factor-set-up", _("Second factor set up")
        SECOND_FACTOR_GIVEN = "second-factor-given", _("Second factor given")
        SECOND_FACTOR_REFUSED = "second-factor-refused", _("Second factor refused")
        SECOND_FACTOR_REMOVED = "second-factor-removed", _("Second factor removed")
        SECOND_FACTOR_RESET = "second-factor-reset", _("Second factor reset")
        RECOVERY_CODE_USED = "recovery-code-used", _("Recovery code used")
        RECOVERY_CODES_MADE = "recovery-codes-made", _("Recovery codes made")
        EXPORTED = "exported", _("Exported")
        IMPORTED = "imported", _("Imported")
        EMBARGO_PROVED = "embargo-proved", _("Embargo put to the proof")

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


class EndingPause:
    """The pause after failures doubles with each, up to so many: somebody who knows the password must not keep its
    owner out for ever.
    """

    MOST_FAILURES: int

    def throttle_increment(self, commit=True):
        """Count a failure, up to the longest pause."""
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, self.MOST_FAILURES)
        if commit:
            self.save()


class Telephone(EndingPause, TOTPDevice):
    """The app on an officer's telephone that shows the codes of a second factor (TOTP, RFC 6238)."""

    # The longest pause is 2⁹ seconds: six digits can be guessed.
    MOST_FAILURES = 10

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")


class Passkey(EndingPause, ThrottlingMixin, Device):
    """A key pair that an officer's device keeps for this site (WebAuthn); the site knows the public half."""

    # The longest pause is 2⁴ seconds: nobody guesses a signature; it keeps the audit log from being filled.
    MOST_FAILURES = 5

    credential_id = models.BinaryField(_("credential"), max_length=1023)
    # As the device wrote it: a COSE key (RFC 9052).
    public_key = models.BinaryField(_("public key"))
    # How often it has signed, as far as its device counts: 32 bits. One that goes back tells of a copy.
    sign_count = models.PositiveBigIntegerField(_("signatures"), default=0)
    # How it is reached (usb, nfc, internal, …): the browser then knows what to ask for.
    transports = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("ways"))
    added_at = models.DateTimeField(_("added"))
    used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential_id"], name="passkey_of_one")]
        default_permissions = ()
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")

    def get_throttle_factor(self):
        """The first pause, in seconds."""
        return 1


class RecoveryCodes(Device):
    """An officer's codes for the day the telephone is gone: each serves once, and only its hash is kept."""

    hashes = ArrayField(models.CharField(max_length=64), verbose_name=_("SHA-256"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="recovery_codes_of_one")]
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")


class BackupRunQuerySet(models.QuerySet):
    """Backups that were tried."""

    def good(self):
        """Those that made an archive with all that belongs in it."""
        return self.filter(fault="")


class BackupRun(models.Model):
    """One attempt to back the site up, whole or failed; the newest first."""

    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))
    # Its name in the folder of backups; empty where none was made.
    archive = models.CharField(_("archive"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    # When it was restored into a scratch database and found the same.
    proved_at = models.DateTimeField(_("proved"), null=True)
    # What went wrong, in a sentence for operators.
    fault = models.TextField(_("fault"), blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        default_permissions = ()
        verbose_name = _("backup")
        verbose_name_plural = _("backups")

    def __str__(self):
        return self.archive or self.fault
