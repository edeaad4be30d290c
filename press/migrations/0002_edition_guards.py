from django.db import migrations

from embassy.chain import guard_sql, unguard_sql

ADDRESSES = """
ALTER TABLE press_address ADD CONSTRAINT address_of_message UNIQUE (id, message_id);
ALTER TABLE press_edition ADD CONSTRAINT edition_address_of_message
    FOREIGN KEY (address_id, message_id) REFERENCES press_address (id, message_id);
CREATE FUNCTION address_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an address never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER address_update BEFORE UPDATE ON press_address
    FOR EACH ROW EXECUTE FUNCTION address_updated();
"""
NO_ADDRESSES = """
DROP TRIGGER address_update ON press_address;
DROP FUNCTION address_updated();
ALTER TABLE press_edition DROP CONSTRAINT edition_address_of_message;
ALTER TABLE press_address DROP CONSTRAINT address_of_message;
"""


class Migration(migrations.Migration):
    """What Django's models cannot say: spans that follow each other, editions and addresses that never change."""

    dependencies = [("press", "0001_messages_and_editions"), ("embassy", "0002_edition_guards")]

    operations = [
        migrations.RunSQL(guard_sql("press_edition", "message_id", "edition"), unguard_sql("press_edition", "edition")),
        migrations.RunSQL(ADDRESSES, NO_ADDRESSES),
    ]
