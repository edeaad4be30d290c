from django.db import migrations

# Follows the newest edition of each message, as readers will once everything scheduled has come.
CREATE = """
CREATE FUNCTION replacement_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE way (message_id) AS (
            SELECT NEW.replaced_by_id
            UNION
            SELECT edition.replaced_by_id
            FROM press_edition edition JOIN way ON edition.message_id = way.message_id
            WHERE edition.live_until IS NULL AND edition.replaced_by_id IS NOT NULL
        )
        SELECT FROM way WHERE way.message_id = NEW.message_id
    ) THEN
        RAISE EXCEPTION 'a replacement cannot lead back to what it replaces' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_replacement AFTER INSERT ON press_edition
    FOR EACH ROW WHEN (NEW.replaced_by_id IS NOT NULL) EXECUTE FUNCTION replacement_inserted();
"""
DROP = """
DROP TRIGGER edition_replacement ON press_edition;
DROP FUNCTION replacement_inserted();
"""


class Migration(migrations.Migration):
    """A message that replaces another never leads back to it."""

    dependencies = [("press", "0004_editions_without_control_characters")]

    operations = [migrations.RunSQL(CREATE, DROP)]
