"""The version of all that is public: it moves on with every transaction that changes something readers see.

Whoever keeps a rendered page keeps it under the version that was current before he read the first
row. The database moves the version, not the code that changes something, so nothing can be
forgotten: a table whose rows readers see gets `bump_sql(table)` in a migration
(docs/decisions/page-cache.md).
"""

from datetime import datetime
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

CURRENT = "SELECT version, moved_at FROM embassy_content_version"


class Version(NamedTuple):
    """A version, and the moment (aware, by the database's clock) of the change that made it.

    Nothing that was released "now" in this version begins after `moved_at`. Readers' clocks may be
    a little behind the database's: whoever reads at `moved_at` or later sees it all the same.
    """

    number: int
    moved_at: datetime


def current():
    """The Version now: a reader who knows it sees all that made it so. Raises django.db.Error.

    It is asked for with every request, so it goes past Django's cursor, and is itself the check of
    the kept connection: where that was cut, a new one is made, once.
    """
    own = connections[DEFAULT_DB_ALIAS]
    was_kept = own.connection is not None
    try:
        return _read(own)
    except (OperationalError, InterfaceError):
        if own.in_atomic_block or not was_kept:
            raise
        own.close()
        return _read(own)


def _read(own):
    own.close_if_unusable_or_obsolete()
    own.health_check_done = True
    own.ensure_connection()
    with own.wrap_database_errors, own.connection.cursor() as cursor:
        cursor.execute(CURRENT)
        return Version(*cursor.fetchone())


def bump_sql(table):
    """SQL that makes every transaction that changes `table` move the version on, once and last."""
    return f"""
CREATE TRIGGER {table}_content_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION content_changed();
"""


def unbump_sql(table):
    """SQL that takes back `bump_sql`."""
    return f"DROP TRIGGER {table}_content_changed ON {table};"
