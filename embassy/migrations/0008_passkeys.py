import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Passkeys, and their words in the audit log."""

    dependencies = [
        ("embassy", "0007_audit_proofs_of_the_embargo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditrecord",
            name="what",
            field=models.CharField(
                choices=[
                    ("signed-in", "Signed in"),
                    ("refused", "Sign-in refused"),
                    ("locked", "Locked after too many failures"),
                    ("signed-out", "Signed out"),
                    ("forbidden", "Page or act forbidden"),
                    ("password-asked", "New password asked for"),
                    ("password-changed", "Password changed"),
                    ("account-made", "Account made"),
                    ("account-changed", "Account changed"),
                    ("rights-given", "Rights given"),
                    ("rights-taken", "Rights taken"),
                    ("second-factor-set-up", "Second factor set up"),
                    ("second-factor-given", "Second factor given"),
                    ("second-factor-refused", "Second factor refused"),
                    ("second-factor-removed", "Second factor removed"),
                    ("second-factor-reset", "Second factor reset"),
                    ("recovery-code-used", "Recovery code used"),
                    ("recovery-codes-made", "Recovery codes made"),
                    ("exported", "Exported"),
                    ("imported", "Imported"),
                    ("embargo-proved", "Embargo put to the proof"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts."),
                ),
                ("credential_id", models.BinaryField(max_length=1023, verbose_name="credential")),
                ("public_key", models.BinaryField(verbose_name="public key")),
                ("sign_count", models.PositiveBigIntegerField(default=0, verbose_name="signatures")),
                (
                    "transports",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None, verbose_name="ways"
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("used_at", models.DateTimeField(null=True, verbose_name="last used")),
                (
                    "user",
                    models.ForeignKey(
                        help_text="The user that this device belongs to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "passkey",
                "verbose_name_plural": "passkeys",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("credential_id",), name="passkey_of_one")],
            },
        ),
    ]
