"""What a migration locks, and for how long: for operators, before they upgrade (manage.py migrate_once --plan).

PostgreSQL takes most changes of a table in an instant. These take as long as the table is long:

- a rewrite, under a lock for which readers and officers wait;
- a scan of all rows (a constraint), or an index, for which officers wait, and readers where the table is altered;
- an UPDATE of many rows, or Python code, for which those wait who change the same rows.

https://www.postgresql.org/docs/current/sql-altertable.html and explicit-locking.html
"""

import re

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import operations

SQL = {
    r"\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b|\bGENERATED\s+ALWAYS\s+AS\s*\(": "rewrites",
    r"\bADD\s+CONSTRAINT\b(?!.*NOT\s+VALID)|\bSET\s+NOT\s+NULL\b": "checks every row of",
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "makes an index on",
    r"^\s*(UPDATE|DELETE\s+FROM)\s": "changes rows of",
}
TABLE = re.compile(r"\b(?:ALTER\s+TABLE|UPDATE|DELETE\s+FROM|ON)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE)
FUNCTION = re.compile(r"(\$\w*\$).*?\1", re.DOTALL)


def locks(migration):
    """What takes long in `migration` on tables that were there before, a phrase each: "rewrites press_edition"."""
    new, found = set(), []
    for operation in migration.operations:
        if isinstance(operation, operations.CreateModel):
            new.add(operation.name_lower)
        elif isinstance(operation, operations.RunSQL):
            found += _of_sql(operation, {f"{migration.app_label}_{name}" for name in new})
        elif isinstance(operation, operations.RunPython):
            found.append("runs code on rows")
        elif (model := _model_of(operation)) not in new and (what := _of_operation(operation)):
            found.append(f"{what} {migration.app_label}_{model}")
    return list(dict.fromkeys(found))


def _model_of(operation):
    return getattr(operation, "model_name_lower", None) or getattr(operation, "model_name", "").lower()


def _of_operation(operation):
    if isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return "makes an index on"
    if isinstance(operation, operations.AddConstraint):
        return (
            "makes an index on" if isinstance(operation.constraint, models.UniqueConstraint) else "checks every row of"
        )
    if isinstance(operation, operations.AddField):
        return _of_new_field(operation.field)
    # Django says only what is new: a type may be another, or only a word.
    return "may rewrite" if isinstance(operation, operations.AlterField) and not operation.field.many_to_many else ""


def _of_new_field(field):
    if isinstance(field, models.GeneratedField):
        return "rewrites"
    if field.many_to_many:
        return ""
    return "makes an index on" if field.unique or field.db_index else ""


def _of_sql(operation, new):
    statements = operation.sql if isinstance(operation.sql, (list, tuple)) else [operation.sql]
    texts = [text if isinstance(text, str) else text[0] for text in statements]
    # What a function does, it does later.
    for statement in ";".join(FUNCTION.sub("''", text) for text in texts).split(";"):
        table = TABLE.search(statement)
        if not table or table[1].lower() in new:
            continue
        for pattern, what in SQL.items():
            if re.search(pattern, statement, re.IGNORECASE | re.DOTALL):
                yield f"{what} {table[1].lower()}"
