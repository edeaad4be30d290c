import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The telephone and the recovery codes of an officer's second factor."""

    dependencies = [
        ("embassy", "0004_content_version"),
        ("otp_totp", "0003_add_timestamps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Telephone",
            fields=[],
            options={
                "verbose_name": "second factor",
                "verbose_name_plural": "second factors",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
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
                    ("second-factor-reset", "Second factor reset"),
                    ("recovery-code-used", "Recovery code used"),
                    ("recovery-codes-made", "Recovery codes made"),
                    ("exported", "Exported"),
                    ("imported", "Imported"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="RecoveryCodes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None, verbose_name="SHA-256"
                    ),
                ),
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
                "verbose_name": "recovery codes",
                "verbose_name_plural": "recovery codes",
                "constraints": [models.UniqueConstraint(fields=("user",), name="recovery_codes_of_one")],
            },
        ),
    ]
