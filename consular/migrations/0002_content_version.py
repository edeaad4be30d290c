from django.db import migrations

from embassy.content_version import bump_sql, unbump_sql

TABLES = [f"consular_{name}" for name in ("contactinfo", "phone", "emailaddress", "openinghours", "closure")]


class Migration(migrations.Migration):
    """Offices and what belongs to them move the version of all that is public."""

    dependencies = [("consular", "0001_offices"), ("embassy", "0004_content_version")]

    operations = [migrations.RunSQL(bump_sql(table), unbump_sql(table)) for table in TABLES]
