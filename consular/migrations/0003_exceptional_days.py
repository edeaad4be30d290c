from django.db import migrations

from embassy.content_version import bump_sql, unbump_sql

# The working copy from here on: readers see the editions that are made of it.
TABLES = [f"consular_{name}" for name in ("contactinfo", "phone", "emailaddress", "openinghours", "closure")]


class Migration(migrations.Migration):
    """A closed day becomes a day that is different; what officers write no longer moves what readers see."""

    dependencies = [("consular", "0002_content_version")]

    operations = [
        *(migrations.RunSQL(unbump_sql(table), bump_sql(table)) for table in TABLES),
        migrations.RemoveConstraint("closure", "consular_closure_once"),
        migrations.RenameModel("Closure", "ExceptionalDay"),
    ]
