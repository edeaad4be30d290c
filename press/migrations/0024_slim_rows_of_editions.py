from django.db import migrations

# A search for a frequent word visits tens of thousands of rows for their dates alone. Long texts stand beside the
# rows anyway; what is searched goes there, too, and uncompressed, because a thousand of them are read in one search.
# Rows that are there stay as they are until they are written anew (by a restored dump, for example).
SLIM = """
ALTER TABLE press_edition SET (toast_tuple_target = 512);
ALTER TABLE press_edition ALTER COLUMN search SET STORAGE EXTERNAL;
"""
AS_BEFORE = """
ALTER TABLE press_edition RESET (toast_tuple_target);
ALTER TABLE press_edition ALTER COLUMN search SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    """Rows of editions are short, so that a search that finds many of them reads few pages."""

    dependencies = [("press", "0023_index_of_messages_taken_back")]

    operations = [migrations.RunSQL(SLIM, AS_BEFORE)]
