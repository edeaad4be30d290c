from django.db import migrations

from embassy.content_version import bump_sql, unbump_sql

# What public pages read (press_message and its parts they do not).
TABLES = ["press_edition", "press_address", "press_feature"]


class Migration(migrations.Migration):
    """Editions, addresses and features move the version of all that is public."""

    dependencies = [("press", "0012_who_may_keep_files"), ("embassy", "0004_content_version")]

    operations = [migrations.RunSQL(bump_sql(table), unbump_sql(table)) for table in TABLES]
