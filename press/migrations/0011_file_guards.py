from django.db import migrations

CREATE = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'press_editionfile'::regclass AND confrelid = 'press_edition'::regclass;
    EXECUTE format('ALTER TABLE press_editionfile DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE press_editionfile ADD CONSTRAINT edition_file_of_edition
    FOREIGN KEY (edition_id) REFERENCES press_edition (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- An edition says how many files it carries. When it is committed all places are taken, so none can be added.
CREATE FUNCTION edition_files_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM press_edition WHERE id = NEW.id)
        AND (SELECT count(*) FROM press_editionfile WHERE edition_id = NEW.id) <> NEW.file_count THEN
        RAISE EXCEPTION 'an edition carries as many files as it says' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER edition_files AFTER INSERT ON press_edition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.file_count > 0)
    EXECUTE FUNCTION edition_files_complete();

CREATE FUNCTION edition_file_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.position > (SELECT file_count FROM press_edition WHERE id = NEW.edition_id) THEN
            RAISE EXCEPTION 'an edition carries no more files than it says' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM press_edition WHERE id = OLD.edition_id) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'what an edition carries never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER edition_file_change AFTER INSERT OR UPDATE OR DELETE ON press_editionfile
    FOR EACH ROW EXECUTE FUNCTION edition_file_changed();
CREATE TRIGGER edition_file_truncate BEFORE TRUNCATE ON press_editionfile
    FOR EACH STATEMENT EXECUTE FUNCTION edition_truncated();
"""
DROP = """
DROP TRIGGER edition_file_truncate ON press_editionfile;
DROP TRIGGER edition_file_change ON press_editionfile;
DROP FUNCTION edition_file_changed();
DROP TRIGGER edition_files ON press_edition;
DROP FUNCTION edition_files_complete();
ALTER TABLE press_editionfile DROP CONSTRAINT edition_file_of_edition;
ALTER TABLE press_editionfile ADD CONSTRAINT press_editionfile_edition_fk
    FOREIGN KEY (edition_id) REFERENCES press_edition (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """What an edition carries is as immutable as the edition, and goes only with a recalled one."""

    dependencies = [("press", "0010_pictures_and_files")]

    operations = [migrations.RunSQL(CREATE, DROP)]
