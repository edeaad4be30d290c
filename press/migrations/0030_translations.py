import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages that say the same in different languages are linked."""

    dependencies = [
        ("press", "0029_rights_to_topics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="what",
            field=models.CharField(
                choices=[
                    ("written", "Written"),
                    ("changed", "Changed"),
                    ("restored", "An earlier version restored"),
                    ("imported", "Imported"),
                    ("submitted", "Submitted for approval"),
                    ("returned", "Returned to the author"),
                    ("approved", "Approved"),
                    ("released", "Released"),
                    ("corrected", "Corrected"),
                    ("recalled", "Recalled"),
                    ("withdrawn", "Withdrawn"),
                    ("retracted", "Published in error"),
                    ("replaced", "Replaced"),
                    ("glass-broken", "Released without approval"),
                    ("binned", "Moved to the bin"),
                    ("unbinned", "Taken out of the bin"),
                    ("signed-off", "Signed off"),
                    ("featured", "Featured on home"),
                    ("unfeatured", "No longer on home"),
                    ("linked", "Linked with its translation"),
                    ("unlinked", "No longer linked with a translation"),
                    ("shared", "Link to the draft made"),
                    ("unshared", "Link to the draft revoked"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Russian")], max_length=10, verbose_name="language"
                    ),
                ),
                ("group", models.UUIDField(verbose_name="group")),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translation",
                        to="press.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "constraints": [
                    models.UniqueConstraint(fields=("group", "language"), name="translation_language_once")
                ],
            },
        ),
    ]
