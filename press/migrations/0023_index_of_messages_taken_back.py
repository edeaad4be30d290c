from django.db import migrations, models


class Migration(migrations.Migration):
    """Feeds tell which messages were taken back last, without looking through all editions."""

    dependencies = [("press", "0022_shared_previews")]

    operations = [
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("act__in", ("release", "correct")), _negated=True),
                fields=["language", "-live_from"],
                name="edition_taken_back",
            ),
        ),
    ]
