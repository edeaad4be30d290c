from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("press", "0031_translation_guards")]

    operations = [
        migrations.AlterModelOptions(
            name="binnedmessage",
            options={"verbose_name": "message in the bin", "verbose_name_plural": "messages in the bin"},
        ),
    ]
