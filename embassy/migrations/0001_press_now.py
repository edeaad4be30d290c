from django.db import migrations

CREATE = """
CREATE FUNCTION press_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE
    AS 'SELECT clock_timestamp()';
COMMENT ON FUNCTION press_now() IS 'The moment by which everything is written; tests replace it.';
"""


class Migration(migrations.Migration):
    """The clock by which everything is written."""

    dependencies = []

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION press_now()")]
