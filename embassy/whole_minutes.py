"""What takes effect by the clock does so on whole minutes: the database's side of it.

Pages are kept for the minute in which they were rendered (docs/decisions/page-cache.md), so what begins
or ends within one would be shown, or missing, for the rest of it.
"""

from django.db.models import CheckConstraint, F, Func, IntegerField, Q
from django.db.models.lookups import Exact


class SecondsOfMinute(Func):
    """The seconds of a moment since its last whole minute, the same in every zone of today."""

    template = "MOD(EXTRACT(EPOCH FROM %(expressions)s), 60)"
    output_field = IntegerField()


def whole_minute_constraint(field, name):
    """The constraint that the moment `field`, if there is one, is a whole minute."""
    return CheckConstraint(name=name, condition=Q(**{field: None}) | Q(Exact(SecondsOfMinute(F(field)), 0)))


def schedule_sql(table, prefix):
    """SQL that refuses an edition of `table` which begins later, and not on a whole minute.

    What is released at once begins at any moment. A second is left for a clock that was just set back.
    """
    return f"""
CREATE FUNCTION {prefix}_scheduled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.live_from > press_now() + interval '1 second'
        AND mod(extract(epoch FROM NEW.live_from), 60) <> 0 THEN
        RAISE EXCEPTION 'a scheduled edition begins on a whole minute' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {prefix}_schedule AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {prefix}_scheduled();
"""


def unschedule_sql(table, prefix):
    """SQL that takes back `schedule_sql`."""
    return f"DROP TRIGGER {prefix}_schedule ON {table};\nDROP FUNCTION {prefix}_scheduled();\n"
