"""What is said of a migration's locks."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations

from embassy.migration_locks import locks

INDEX = models.Index(fields=["name"], name="name")
CHECK = models.CheckConstraint(condition=models.Q(name="a"), name="check")
UNIQUE = models.UniqueConstraint(fields=["name"], name="unique")
GENERATED = models.GeneratedField(
    expression=models.F("name"), output_field=models.CharField(max_length=9), db_persist=True
)


def migration(*steps):
    made = Migration("0002_next", "press")
    made.operations = list(steps)
    return made


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (operations.AddField("Thing", "name", models.CharField(max_length=9, default="")), []),
        (operations.AddField("Thing", "name", models.CharField(max_length=9, null=True)), []),
        (operations.RemoveField("Thing", "name"), []),
        (operations.AddField("Thing", "name", GENERATED), ["rewrites press_thing"]),
        (operations.AddField("Thing", "name", models.SlugField()), ["makes an index on press_thing"]),
        (operations.AlterField("Thing", "name", models.TextField()), ["may rewrite press_thing"]),
        (operations.AddIndex("Thing", INDEX), ["makes an index on press_thing"]),
        (AddIndexConcurrently("Thing", INDEX), []),
        (operations.AddConstraint("Thing", CHECK), ["checks every row of press_thing"]),
        (operations.AddConstraint("Thing", UNIQUE), ["makes an index on press_thing"]),
        (operations.RunPython(operations.RunPython.noop), ["runs code on rows"]),
        (operations.RunSQL("ALTER TABLE press_thing ALTER COLUMN name TYPE text"), ["rewrites press_thing"]),
        (
            operations.RunSQL("ALTER TABLE press_thing ADD CONSTRAINT c CHECK (n > 1)"),
            ["checks every row of press_thing"],
        ),
        (operations.RunSQL("ALTER TABLE press_thing ADD CONSTRAINT c CHECK (n > 1) NOT VALID"), []),
        (operations.RunSQL("CREATE INDEX i ON press_thing (name)"), ["makes an index on press_thing"]),
        (operations.RunSQL("CREATE INDEX CONCURRENTLY i ON press_thing (name)"), []),
        (operations.RunSQL("UPDATE press_thing SET name = 'a'"), ["changes rows of press_thing"]),
        (operations.RunSQL("CREATE FUNCTION f() AS $$ UPDATE press_thing SET n = 1; $$; SELECT 1"), []),
    ],
)
def test_operation_is_said_to_lock(operation, said):
    assert locks(migration(operation)) == said


def test_new_table_holds_nobody_up():
    create = operations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])

    made = migration(create, operations.AddIndex("Thing", INDEX), operations.RunSQL("UPDATE press_thing SET n = 1"))

    assert locks(made) == []
