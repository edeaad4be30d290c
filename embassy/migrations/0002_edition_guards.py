from django.db import migrations

# AFTER triggers, because BEFORE ones see generated columns empty. A transaction takes press_now()
# when it holds the lock and writes a little later: so what it writes may lie between its start
# and this moment, but what it replaces must not have begun.
CREATE = """
CREATE FUNCTION edition_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    another boolean;
BEGIN
    IF NEW.live_from < least(transaction_timestamp(), press_now()) THEN
        RAISE EXCEPTION 'an edition cannot have been live before it was written' USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE %I = $1 AND live_from > press_now() AND id <> $2)',
                   TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0])
        INTO another USING (to_jsonb(NEW) ->> TG_ARGV[0])::bigint, NEW.id;
    IF another THEN
        RAISE EXCEPTION 'another edition is scheduled already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edition_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'live_until' IS DISTINCT FROM to_jsonb(OLD) - 'live_until' THEN
        RAISE EXCEPTION 'an edition never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.live_until <= press_now() OR NEW.live_until < least(transaction_timestamp(), press_now()) THEN
        RAISE EXCEPTION 'the end of an edition''s span cannot be moved in the past' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edition_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.live_from < press_now() + interval '10 seconds' THEN
        RAISE EXCEPTION 'an edition that has been live never goes away' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION edition_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'editions never go away' USING ERRCODE = 'check_violation';
END $$;
"""
DROP = """
DROP FUNCTION edition_inserted();
DROP FUNCTION edition_updated();
DROP FUNCTION edition_deleted();
DROP FUNCTION edition_truncated();
"""


class Migration(migrations.Migration):
    """What the triggers of every chain of editions do."""

    dependencies = [("embassy", "0001_press_now")]

    operations = [migrations.RunSQL(CREATE, DROP)]
