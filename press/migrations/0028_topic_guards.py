from django.db import migrations

from embassy.content_version import bump_sql, unbump_sql

# What public pages read; what drafts are about they do not.
TABLES = ["press_topic", "press_editiontopic"]
# The lock on the topics waits for a slug that is being changed: afterwards it is another one, or it stays.
CREATE = """
DO $$
DECLARE
    name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'press_editiontopic'::regclass AND confrelid = 'press_edition'::regclass;
    EXECUTE format('ALTER TABLE press_editiontopic DROP CONSTRAINT %I', name);
END $$;
ALTER TABLE press_editiontopic ADD CONSTRAINT edition_topic_of_edition
    FOREIGN KEY (edition_id) REFERENCES press_edition (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION edition_topics_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
BEGIN
    INSERT INTO press_editiontopic (edition_id, topic_id, language, published_at, message_id, live_from, live_until)
    SELECT NEW.id, topic.id, NEW.language, NEW.published_at, NEW.message_id, NEW.live_from, NEW.live_until
    FROM press_topic topic
    WHERE topic.slug IN (SELECT jsonb_array_elements_text(NEW.details -> 'topics'))
    FOR KEY SHARE OF topic;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> jsonb_array_length(NEW.details -> 'topics') THEN
        RAISE EXCEPTION 'an edition names each of its topics once, and topics that are there'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_topics_make AFTER INSERT ON press_edition
    FOR EACH ROW WHEN (jsonb_array_length(NEW.details -> 'topics') > 0) EXECUTE FUNCTION edition_topics_made();

CREATE FUNCTION edition_topics_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE press_editiontopic SET live_until = NEW.live_until WHERE edition_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_topics_end AFTER UPDATE OF live_until ON press_edition
    FOR EACH ROW WHEN (OLD.live_until IS DISTINCT FROM NEW.live_until) EXECUTE FUNCTION edition_topics_ended();

-- Whoever writes a row, it says what the edition says.
CREATE FUNCTION edition_topic_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM press_edition WHERE id = OLD.edition_id) THEN
            RAISE EXCEPTION 'the topics of an edition never change' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT FROM press_edition edition, press_topic topic
        WHERE edition.id = NEW.edition_id AND topic.id = NEW.topic_id
            AND jsonb_exists(edition.details -> 'topics', topic.slug)
            AND (edition.language, edition.published_at, edition.message_id, edition.live_from)
                = (NEW.language, NEW.published_at, NEW.message_id, NEW.live_from)
            AND edition.live_until IS NOT DISTINCT FROM NEW.live_until
    ) THEN
        RAISE EXCEPTION 'the topics of an edition are those it says' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_topic_change AFTER INSERT OR UPDATE OR DELETE ON press_editiontopic
    FOR EACH ROW EXECUTE FUNCTION edition_topic_changed();
CREATE TRIGGER edition_topic_truncate BEFORE TRUNCATE ON press_editiontopic
    FOR EACH STATEMENT EXECUTE FUNCTION edition_truncated();

-- Editions name their topics by it, and so do addresses.
CREATE FUNCTION topic_slug_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM press_editiontopic WHERE topic_id = NEW.id) THEN
        RAISE EXCEPTION 'the slug of a topic that an edition has never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER topic_slug_change AFTER UPDATE OF slug ON press_topic
    FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION topic_slug_changed();
"""
DROP = """
DROP TRIGGER topic_slug_change ON press_topic;
DROP FUNCTION topic_slug_changed();
DROP TRIGGER edition_topic_truncate ON press_editiontopic;
DROP TRIGGER edition_topic_change ON press_editiontopic;
DROP FUNCTION edition_topic_changed();
DROP TRIGGER edition_topics_end ON press_edition;
DROP FUNCTION edition_topics_ended();
DROP TRIGGER edition_topics_make ON press_edition;
DROP FUNCTION edition_topics_made();
ALTER TABLE press_editiontopic DROP CONSTRAINT edition_topic_of_edition;
ALTER TABLE press_editiontopic ADD CONSTRAINT press_editiontopic_edition_fk
    FOREIGN KEY (edition_id) REFERENCES press_edition (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Topics of editions are made of what the editions say, and are as immutable; a slug that one has is for ever."""

    dependencies = [("press", "0027_topics"), ("embassy", "0004_content_version")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(migrations.RunSQL(bump_sql(table), unbump_sql(table)) for table in TABLES),
    ]
