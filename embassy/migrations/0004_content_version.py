from django.db import migrations

# A statement that changes something public notes the change, the first one of a transaction only: an
# import of 100,000 rows costs one note. At the transaction's end the note is taken away, and that moves
# the version on. These are two deferred steps, because what is deferred while deferred triggers run
# comes after all of them: foreign keys that are checked at the end may wait for other transactions, and
# the lock on the version's row must not be held meanwhile. Held until the commit, it puts the commits
# that change something in a row: no two have one version, and what a version says became visible with it.
CREATE = """
CREATE TABLE embassy_content_version (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    version bigint NOT NULL,
    moved_at timestamptz NOT NULL
);
COMMENT ON TABLE embassy_content_version IS 'One row: the version of all that is public.';
INSERT INTO embassy_content_version (version, moved_at) VALUES (1, press_now());

CREATE TABLE embassy_content_change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
COMMENT ON TABLE embassy_content_change IS 'Empty but for what transactions under way have noted.';

CREATE FUNCTION content_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Set for the transaction; a savepoint that is rolled back takes the setting back with the note.
    IF current_setting('embassy.content_changed', true) IS DISTINCT FROM 'yes' THEN
        INSERT INTO embassy_content_change DEFAULT VALUES;
        PERFORM set_config('embassy.content_changed', 'yes', true);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION content_change_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM embassy_content_change WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER content_change_ends AFTER INSERT ON embassy_content_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION content_change_ends();

CREATE FUNCTION content_version_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE embassy_content_version SET version = version + 1, moved_at = press_now();
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER content_version_moves AFTER DELETE ON embassy_content_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION content_version_moves();
"""
DROP = """
DROP TABLE embassy_content_change;
DROP TABLE embassy_content_version;
DROP FUNCTION content_changed();
DROP FUNCTION content_change_ends();
DROP FUNCTION content_version_moves();
"""


class Migration(migrations.Migration):
    """The version of all that is public."""

    dependencies = [("embassy", "0003_audit_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
