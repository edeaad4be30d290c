from django.db import migrations

CREATE = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'press_event'::regclass AND confrelid = 'press_message'::regclass;
    EXECUTE format('ALTER TABLE press_event DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE press_event ADD CONSTRAINT event_of_message
    FOREIGN KEY (message_id) REFERENCES press_message (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION event_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM press_message WHERE id = OLD.message_id) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'history never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER event_change AFTER UPDATE OR DELETE ON press_event
    FOR EACH ROW EXECUTE FUNCTION event_changed();

CREATE FUNCTION approval_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM press_message
        WHERE id = NEW.message_id AND version = NEW.version AND changed_by_id <> NEW.approver_id
        FOR SHARE
    ) THEN
        RAISE EXCEPTION 'who last changed a message cannot approve it, and nobody what it no longer says'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approval_insert AFTER INSERT ON press_approval
    FOR EACH ROW EXECUTE FUNCTION approval_inserted();

CREATE FUNCTION approval_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an approval never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER approval_update AFTER UPDATE ON press_approval
    FOR EACH ROW EXECUTE FUNCTION approval_updated();

CREATE FUNCTION broken_glass_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.signed_off_by_id IS NOT NULL
        OR to_jsonb(NEW) - 'signed_off_by_id' - 'signed_off_at'
            IS DISTINCT FROM to_jsonb(OLD) - 'signed_off_by_id' - 'signed_off_at' THEN
        RAISE EXCEPTION 'a release without approval stays on record' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER broken_glass_change AFTER UPDATE OR DELETE ON press_brokenglass
    FOR EACH ROW EXECUTE FUNCTION broken_glass_changed();
"""
DROP = """
DROP TRIGGER broken_glass_change ON press_brokenglass;
DROP FUNCTION broken_glass_changed();
DROP TRIGGER approval_update ON press_approval;
DROP FUNCTION approval_updated();
DROP TRIGGER approval_insert ON press_approval;
DROP FUNCTION approval_inserted();
DROP TRIGGER event_change ON press_event;
DROP FUNCTION event_changed();
ALTER TABLE press_event DROP CONSTRAINT event_of_message;
ALTER TABLE press_event ADD CONSTRAINT press_event_message_fk
    FOREIGN KEY (message_id) REFERENCES press_message (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """History that nobody edits; approvals of what somebody else wrote, and of that alone."""

    dependencies = [("press", "0006_four_eyes_and_history")]

    operations = [migrations.RunSQL(CREATE, DROP)]
