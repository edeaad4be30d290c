from django.db import migrations

from embassy.content_version import bump_sql, unbump_sql

# A linked message keeps its language, so no group gets two texts in one.
CREATE = """
ALTER TABLE press_message ADD CONSTRAINT message_and_language UNIQUE (id, language);
ALTER TABLE press_translation ADD CONSTRAINT translation_language_of_message
    FOREIGN KEY (message_id, language) REFERENCES press_message (id, language);
"""
DROP = """
ALTER TABLE press_translation DROP CONSTRAINT translation_language_of_message;
ALTER TABLE press_message DROP CONSTRAINT message_and_language;
"""


class Migration(migrations.Migration):
    """A translation has the language of its message; readers are told of translations."""

    dependencies = [("press", "0030_translations"), ("embassy", "0004_content_version")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(bump_sql("press_translation"), unbump_sql("press_translation")),
    ]
