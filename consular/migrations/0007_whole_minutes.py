from django.db import migrations

from embassy.whole_minutes import schedule_sql, unschedule_sql, whole_minute_constraint

EDITIONS = ("consular_consularedition", "consular_edition")


class Migration(migrations.Migration):
    """What takes effect by the clock does so on whole minutes: pages are kept for that long."""

    dependencies = [("consular", "0006_rights")]

    operations = [
        migrations.AddConstraint("consularedition", whole_minute_constraint("ends_at", "consular_edition_minute")),
        migrations.AddConstraint("notice", whole_minute_constraint("ends_at", "consular_notice_minute")),
        migrations.RunSQL(schedule_sql(*EDITIONS), unschedule_sql(*EDITIONS)),
    ]
