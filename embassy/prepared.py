"""Queries that are made once: Django writes their SQL once in a process, PostgreSQL plans it once on a connection.

To put a query of the ORM together, write its SQL and plan it costs many times what finding its rows
costs (docs/decisions/prepared-queries.md). The rules stay where they are, on querysets: a prepared
query is one of those, with a Given in the place of each value that is told when it is asked.
"""

import re
from copy import copy
from itertools import count
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import Expression, Field, Lookup

# Django writes the bounds of a slice into the SQL, as numbers. This stands for a beginning that is told.
OFFSET = 2_000_003
PLACE = re.compile(rf"%s|%%|(?<=OFFSET ){OFFSET}\b")
# What PostgreSQL says of a prepared statement that it does not know, that has another's name, or whose
# tables have changed (its manual, appendix A): a pooler stands in between, or there was a migration.
NOT_PREPARED = {"26000", "42P05", "0A000"}

# Left to itself, PostgreSQL plans a statement anew for each value where it takes that to be worth while. Sent
# together with the statement this holds for it alone, and not for what triggers and foreign keys ask.
PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan; "

_numbers = count(1)
# The names of the statements that each of psycopg2's connections has prepared.
_prepared = WeakKeyDictionary()


class Given(Expression):
    """The place of the value `name`, of the type of a model field, in a queryset that is prepared."""

    def __init__(self, name, output_field):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        """A placeholder, with itself in the place of the value."""
        return "%s", [self]


@Field.register_lookup
class IsOneOf(Lookup):
    """`field__is_one_of=`: equal to one of a list that is Given as a whole."""

    lookup_name = "is_one_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        """PostgreSQL's ANY."""
        field, field_params = self.process_lhs(compiler, connection)
        values, values_params = compiler.compile(self.rhs)
        return f"{field} = ANY({values})", [*field_params, *values_params]


class Prepared:
    """The query of a queryset, as a function of its Givens' values by name; it returns a list of what is found.

    `make()` returns the queryset; it is called once, when somebody asks first. Cut from OFFSET on, it
    wants an `offset`, too. How many there may be is a constant: PostgreSQL would take a Given number
    for a tenth of all.
    """

    def __init__(self, make):
        self._make = make
        self._name = f"prepared_{next(_numbers)}"
        self._written = None

    def __call__(self, **values):
        """What the database has for `values`."""
        if self._written is None:
            self._written = _Written(self._make())
        return self._written.results(self._rows(self._written, values))

    def _rows(self, written, values):
        # Not through the proxy, which looks for the thread's connection at every touch.
        own = connections[DEFAULT_DB_ALIAS]
        # Whoever looks at the queries, a test or a developer, sees them whole.
        if own.queries_logged or own.execute_wrappers:
            return _fetched(own, written.sql, values)
        own.ensure_connection()
        try:
            return self._executed(own, written, values)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", None) not in NOT_PREPARED or own.in_atomic_block:
                raise
            _prepared.pop(own.connection, None)
            return _fetched(own, written.sql, values)

    def _executed(self, own, written, values):
        """The rows, past Django's cursor, which would have nothing to do but cost as much as the question."""
        names = _prepared.setdefault(own.connection, set())
        # Within a transaction the plan's mode would outlive the query.
        mode = "" if own.in_atomic_block else PLANNED_ONCE
        with own.wrap_database_errors, own.connection.cursor() as cursor:
            if self._name not in names:
                cursor.execute(f"PREPARE {self._name} AS {written.to_prepare}")
                names.add(self._name)
            cursor.execute(f"{mode}EXECUTE {self._name} {written.arguments}", values)
            return cursor.fetchall()


class _Written:
    """A queryset as SQL, whose Givens are `%(name)s`, and the way from rows to its results."""

    def __init__(self, queryset):
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(connection=connection)
        sql, params = self._compiler.as_sql()
        columns = [column for column, *_rest in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        self.sql, names = _named(sql, params)
        # Each has one place, however often it stands.
        self.to_prepare = self.sql % {name: f"${number}" for number, name in enumerate(names, 1)}
        self.arguments = f"({', '.join(f'%({name})s' for name in names)})" if names else ""

    def results(self, rows):
        """What the queryset would make of `rows`: instances, or values."""
        compiler = copy(self._compiler)
        compiler.execute_sql = lambda *_arguments, **_more: [rows]
        compiler.get_converters = lambda _columns: self._converters
        return list(self._queryset._iterable_class(_Answered(self._queryset, compiler)))


class _Answered:
    """As much of a queryset, and of its query, as Django's iterables ask for; its compiler has its rows already."""

    def __init__(self, queryset, compiler):
        self._queryset, self._compiler = queryset, compiler
        self.db, self._fields, self._known_related_objects = queryset.db, queryset._fields, {}

    @property
    def query(self):
        return self

    def get_compiler(self, *_arguments, **_more):
        return self._compiler

    def __getattr__(self, name):
        return getattr(self._queryset.query, name)


def _named(sql, params):
    """`sql` with its constants written out and `%(name)s` for each Given, and their names, in order."""
    remaining, names = iter(params), {}

    def place(match):
        if match[0] == "%%":
            return match[0]
        value = next(remaining) if match[0] == "%s" else Given("offset", None)
        if isinstance(value, Given):
            names[value.name] = None
            return f"%({value.name})s"
        with connection.cursor() as cursor:
            return cursor.mogrify("%s", [value]).decode().replace("%", "%%")

    return PLACE.sub(place, sql), list(names)


def _fetched(own, sql, values):
    with own.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
