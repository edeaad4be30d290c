from django.db import migrations, models
from django.db.models.functions import ExtractYear


class Migration(migrations.Migration):
    dependencies = [("press", "0032_words_for_the_bin")]

    operations = [
        migrations.AddIndex(
            "edition",
            models.Index(
                "language",
                ExtractYear("published_on"),
                models.F("updated_at").desc(),
                condition=models.Q(act__in=("release", "correct")),
                name="edition_year_changed",
            ),
        )
    ]
