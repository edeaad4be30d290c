from django.db import migrations

# The remarks go with their message, as its history does.
CREATE = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'press_remark'::regclass AND confrelid = 'press_message'::regclass;
    EXECUTE format('ALTER TABLE press_remark DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE press_remark ADD CONSTRAINT remark_of_message
    FOREIGN KEY (message_id) REFERENCES press_message (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER remark_change AFTER UPDATE OR DELETE ON press_remark
    FOR EACH ROW EXECUTE FUNCTION event_changed();

CREATE FUNCTION message_binned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM press_edition WHERE message_id = NEW.id) THEN
        RAISE EXCEPTION 'a message with editions is never deleted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER message_bin AFTER INSERT OR UPDATE OF binned_at ON press_message
    FOR EACH ROW WHEN (NEW.binned_at IS NOT NULL) EXECUTE FUNCTION message_binned();

CREATE FUNCTION edition_of_binned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM press_message WHERE id = NEW.message_id AND binned_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what lies in the bin is not released' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_not_in_bin AFTER INSERT ON press_edition
    FOR EACH ROW EXECUTE FUNCTION edition_of_binned();
"""
DROP = """
DROP TRIGGER edition_not_in_bin ON press_edition;
DROP FUNCTION edition_of_binned();
DROP TRIGGER message_bin ON press_message;
DROP FUNCTION message_binned();
DROP TRIGGER remark_change ON press_remark;
ALTER TABLE press_remark DROP CONSTRAINT remark_of_message;
ALTER TABLE press_remark ADD CONSTRAINT press_remark_message_fk
    FOREIGN KEY (message_id) REFERENCES press_message (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Remarks that nobody edits; what has been released is not in the bin, and what lies there is not released."""

    dependencies = [("press", "0017_remarks_and_bin")]

    operations = [migrations.RunSQL(CREATE, DROP)]
