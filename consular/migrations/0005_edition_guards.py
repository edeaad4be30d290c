from django.db import migrations

from embassy.chain import guard_sql, unguard_sql
from embassy.content_version import bump_sql, unbump_sql

SEEN_BY_READERS = ("consular_consularedition", "consular_confirmation")
EDITIONS = ("consular_consularedition", "document_id", "consular_edition")

CREATE = """
CREATE FUNCTION consular_event_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A draft that never was released takes its history with it.
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM consular_consularedition WHERE document_id = OLD.document_id) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'history never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consular_event_change AFTER UPDATE OR DELETE ON consular_event
    FOR EACH ROW EXECUTE FUNCTION consular_event_changed();

CREATE FUNCTION consular_approval_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM consular_document
        WHERE id = NEW.document_id AND version = NEW.version AND changed_by_id IS DISTINCT FROM NEW.approver_id
        FOR SHARE
    ) THEN
        RAISE EXCEPTION 'who last changed a document cannot approve it, and nobody what it no longer says'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consular_approval_insert AFTER INSERT ON consular_approval
    FOR EACH ROW EXECUTE FUNCTION consular_approval_inserted();

CREATE FUNCTION consular_approval_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an approval never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consular_approval_update AFTER UPDATE ON consular_approval
    FOR EACH ROW EXECUTE FUNCTION consular_approval_updated();

CREATE FUNCTION consular_glass_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.signed_off_by_id IS NOT NULL
        OR to_jsonb(NEW) - 'signed_off_by_id' - 'signed_off_at'
            IS DISTINCT FROM to_jsonb(OLD) - 'signed_off_by_id' - 'signed_off_at' THEN
        RAISE EXCEPTION 'a release without approval stays on record' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consular_glass_change AFTER UPDATE OR DELETE ON consular_brokenglass
    FOR EACH ROW EXECUTE FUNCTION consular_glass_changed();

CREATE FUNCTION consular_confirmation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a check that was made stays on record' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consular_confirmation_change AFTER UPDATE OR DELETE ON consular_confirmation
    FOR EACH ROW EXECUTE FUNCTION consular_confirmation_changed();
"""
DROP = """
DROP TRIGGER consular_confirmation_change ON consular_confirmation;
DROP FUNCTION consular_confirmation_changed();
DROP TRIGGER consular_glass_change ON consular_brokenglass;
DROP FUNCTION consular_glass_changed();
DROP TRIGGER consular_approval_update ON consular_approval;
DROP FUNCTION consular_approval_updated();
DROP TRIGGER consular_approval_insert ON consular_approval;
DROP FUNCTION consular_approval_inserted();
DROP TRIGGER consular_event_change ON consular_event;
DROP FUNCTION consular_event_changed();
"""


class Migration(migrations.Migration):
    """The chain of consular editions, and who vouches for them, as the database keeps it."""

    dependencies = [
        ("consular", "0004_services_documents_and_editions"),
        ("embassy", "0004_content_version"),
    ]

    operations = [
        migrations.RunSQL(guard_sql(*EDITIONS), unguard_sql(EDITIONS[0], EDITIONS[2])),
        migrations.RunSQL(CREATE, DROP),
        *(migrations.RunSQL(bump_sql(table), unbump_sql(table)) for table in SEEN_BY_READERS),
    ]
