from django.db import migrations

# The rows of a version go with their message, as those of the history do.
CREATE = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'press_version'::regclass AND confrelid = 'press_message'::regclass;
    EXECUTE format('ALTER TABLE press_version DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE press_version ADD CONSTRAINT version_of_message
    FOREIGN KEY (message_id) REFERENCES press_message (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER version_change AFTER UPDATE OR DELETE ON press_version
    FOR EACH ROW EXECUTE FUNCTION event_changed();
"""
DROP = """
DROP TRIGGER version_change ON press_version;
ALTER TABLE press_version DROP CONSTRAINT version_of_message;
ALTER TABLE press_version ADD CONSTRAINT press_version_message_fk
    FOREIGN KEY (message_id) REFERENCES press_message (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Versions that nobody edits."""

    dependencies = [("press", "0014_versions")]

    operations = [migrations.RunSQL(CREATE, DROP)]
