"""What a database must be like to be the same: every row of every table, and all that guards them."""

import hashlib
import re

# Rows of these stay where they are: a session is a key to the office, and a restored one would open it anew.
NOT_KEPT = ("django_session",)
# Rows of these may differ afterwards: what a restored site shows is a version that no cache has seen.
MOVES_ON = ("embassy_content_version",)

TABLES = """
SELECT c.relname, quote_ident(c.relname),
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
    (SELECT string_agg(quote_ident(attname) || CASE WHEN attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END, ', '
                       ORDER BY place)
     FROM pg_index, unnest(indkey) WITH ORDINALITY AS key (attnum, place) JOIN pg_attribute USING (attnum)
     WHERE indrelid = c.oid AND indisprimary AND attrelid = c.oid)
FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
ORDER BY relname COLLATE "C"
"""
# Newer servers list NOT NULL among the constraints; the columns say it on every server.
SCHEMA = """
SELECT 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END || CASE attgenerated WHEN 's' THEN ' GENERATED' ELSE '' END
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n' AND conrelid <> 0
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL
SELECT 'function ' || p.oid::regprocedure || ' ' || md5(pg_get_functiondef(p.oid))
FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
"""
BEHIND = """
SELECT s.relname, quote_ident(s.relname), quote_ident(t.relname), quote_ident(attname)
FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace
"""
# So that the same value is the same text on every server.
PLAIN = """
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';
"""


NOISE = re.compile(r"::(character varying|text)(\[\])?|[()]")


class _Digest:
    """In the place of a file: hashes what is written, and counts its lines."""

    def __init__(self):
        self.digest, self.rows = hashlib.sha256(), 0

    def write(self, data):
        self.digest.update(data)
        # A line break within a value is written as \n.
        self.rows += data.count(b"\n")


def tables(cursor, advance=lambda table: None):
    """{table: {rows, sha256}} of all that is kept, as the transaction of `cursor` sees it; call it in one."""
    cursor.execute(PLAIN)
    cursor.execute(TABLES)
    found = {}
    for name, quoted, columns, key in cursor.fetchall():
        if name in NOT_KEPT:
            continue
        digest = _Digest()
        order = key or f'{quoted}::text COLLATE "C"'
        # Generated columns are left out: the server that restores makes them anew.
        cursor.cursor.copy_expert(f"COPY (SELECT {columns} FROM {quoted} ORDER BY {order}) TO STDOUT", digest)  # noqa: S608 — quoted by the database
        found[name] = {"rows": digest.rows, "sha256": digest.digest.hexdigest()}
        advance(name)
    return found


def schema(cursor):
    """Columns, constraints, triggers, indexes and functions, a line each, sorted."""
    cursor.execute(SCHEMA)
    return sorted(line for (line,) in cursor.fetchall())


def behind(cursor):
    """The names of sequences whose next number some row has already."""
    cursor.execute(BEHIND)
    for name, sequence, table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT COALESCE(max({column}), 0) >= (SELECT last_value + is_called::int FROM {sequence}) FROM {table}"  # noqa: S608
        )
        if cursor.fetchone()[0]:
            yield name


def differences(said, found):
    """What differs between the tables that a manifest `said` and those that were `found`, a sentence each."""
    for name in sorted((said.keys() | found.keys()) - set(MOVES_ON)):
        if name not in found:
            yield f"The table {name} is missing."
        elif name not in said:
            yield f"The table {name} is none of the archive's."
        elif said[name]["rows"] != found[name]["rows"]:
            yield f"The table {name} has {found[name]['rows']} rows in place of {said[name]['rows']}."
        elif said[name]["sha256"] != found[name]["sha256"]:
            yield f"The table {name} has other content."


def schema_differences(said, found):
    """What differs between the schema that a manifest `said` and the one that was `found`, a sentence each."""
    before, after = ({_essence(line): line for line in lines} for lines in (said, found))
    for essence in sorted(before.keys() - after.keys()):
        yield f"Missing: {before[essence]}"
    for essence in sorted(after.keys() - before.keys()):
        yield f"Not the archive's: {after[essence]}"


def _essence(line):
    """A definition without casts between kinds of text: PostgreSQL puts them elsewhere when it reads its own words."""
    return NOISE.sub("", line)
