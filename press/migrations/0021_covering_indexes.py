from django.db import migrations, models


class Migration(migrations.Migration):
    """The indexes of lists hold all that lists are chosen by."""

    dependencies = [
        ("press", "0020_autosave"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="edition",
            name="edition_newest",
        ),
        migrations.RemoveIndex(
            model_name="edition",
            name="edition_kind_newest",
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("act__in", ("release", "correct"))),
                fields=["language", "-published_at", "-message"],
                include=("id", "live_from", "live_until", "published_on"),
                name="edition_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("act__in", ("release", "correct"))),
                fields=["language", "kind", "-published_at", "-message"],
                include=("id", "live_from", "live_until", "published_on"),
                name="edition_kind_newest",
            ),
        ),
    ]
