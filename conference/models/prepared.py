"""Prepared queries of the sign-up: Django compiles their SQL once per process, not for each person.

Compiling takes Django four times as long as the database needs to answer (docs/decisions/0020). The query is still one
of our QuerySets, and Django still builds the instances.
"""

import copy
import inspect
import uuid
from datetime import datetime
from functools import cache

from django.db import connections, models, transaction
from django.db.models.sql import UpdateQuery
from django.db.models.sql.constants import ROW_COUNT


class Given(models.Expression):
    """A placeholder for a value in a statement that is compiled before the value is known."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def as_sql(self, _compiler, _connection):
        """Return a placeholder, with this object in the place of the value."""
        return "%s", (self,)


class Prepared:
    """A function that returns a QuerySet, compiled once and run with other values. Made by `prepared`.

    The values are rows, keys, texts, whole numbers, instants and UUIDs; never None, which SQL does not find by "=".
    """

    def __init__(self, make, number):
        self.make, self.number = make, number
        self.written = {}

    def rows(self, *values):
        """Return the list of rows."""
        rows, compiler = self._compiler("rows", values)
        asked = type(rows)(rows.model, _WithCompiler(compiler), rows.db)
        asked._iterable_class = rows._iterable_class
        return list(asked)

    def first(self, *values):
        """Return the first row, or None."""
        return next(iter(self.rows(*values)), None)

    def get(self, *values):
        """Return the one row. Raises the model's DoesNotExist if there is none."""
        row = self.first(*values)
        if row is None:
            raise self.written["rows"][0].model.DoesNotExist
        return row

    def exists(self, *values):
        """Return whether there is a row."""
        return self._compiler("exists", values)[1].has_results()

    def update(self, *values):
        """Update the rows, and return their number. The function returns (a QuerySet, {column: value})."""
        _rows, compiler = self._compiler("update", values)
        with transaction.mark_for_rollback_on_error(compiler.using):
            return compiler.execute_sql(ROW_COUNT)

    def words(self, *values):
        """Return (SQL, parameters), to embed in a raw statement."""
        return self._compiler("rows", values)[1].as_sql()

    def _compiler(self, kind, values):
        """Return (the QuerySet, a compiler of this call's own, which has the SQL and these values)."""
        if kind not in self.written:
            self.written[kind] = self._write(kind)
        rows, kept, (words, parts), converters = self.written[kind]
        compiler = copy.copy(kept)
        compiler.connection = connections[kept.using]
        if rows.query.select_for_update and compiler.connection.get_autocommit():
            raise transaction.TransactionManagementError("Rows are locked inside a transaction only.")
        params = tuple(
            _plain(values[part.number], compiler.connection) if isinstance(part, Given) else part for part in parts
        )
        compiler.as_sql = lambda: (words, params)
        compiler.get_converters = lambda _columns: converters
        return rows, compiler

    def _write(self, kind):
        """Return (the QuerySet, its compiler, (SQL, its parameters with a Given for each value), converters)."""
        given = map(Given, range(self.number))
        if kind == "update":
            rows, columns = self.make(*given)
            query = rows.query.chain(UpdateQuery)
            query.add_update_values(columns)
        else:
            rows = self.make(*given)
            query = rows.query.exists() if kind == "exists" else rows.query
        compiler = query.get_compiler(using=rows.db)
        written = compiler.as_sql()
        return rows, compiler, written, compiler.get_converters([column for column, *_rest in compiler.select or ()])


def prepared(make):
    """Return the `Prepared` of a function that takes values and returns a QuerySet of the same shape for all of them.

    The function is called once, with a `Given` for each value: it may hand them to `filter`, and no more.
    """
    return Prepared(make, len(inspect.signature(make).parameters))


class _WithCompiler:
    """As much of a query as a QuerySet asks of it to make its rows."""

    def __init__(self, compiler):
        self.compiler = compiler

    def get_compiler(self, using=None):
        return self.compiler

    def __getattr__(self, name):
        return getattr(self.compiler.query, name)


def _plain(value, connection):
    """Return a value as the database driver takes it."""
    if value is None:
        raise ValueError("A prepared statement finds no rows by None.")
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


# From this many rows on, compiling the SQL hardly matters.
MANY = 20


def insert(rows):
    """Insert a few rows of one table and set their keys: `bulk_create` without compiling SQL for each call.

    As there, no signal is sent. Returns the list of rows.
    """
    if not rows:
        return []
    model = type(rows[0])
    if len(rows) > MANY:
        return model.objects.bulk_create(rows)
    for row, key in zip(rows, _run(model, *_statement(rows)), strict=True):
        _give(row, key)
    return list(rows)


class NewRow:
    """A row ready to be inserted, unless one with the same values in a set of unique fields exists.

    Args:
        row: a new row of a model.
        names: the names of these fields.
    """

    def __init__(self, row, *names):
        self.row = row
        self.statement = _statement([row], names)

    def write(self):
        """Insert it unless it exists; return whether it was inserted. Waits for another transaction that inserts it."""
        keys = _run(type(self.row), *self.statement)
        for key in keys:
            _give(self.row, key)
        return bool(keys)


def _give(row, key):
    row.pk, row._state.adding, row._state.db = key, False, type(row).objects.db


def _run(model, words, params):
    """Run an INSERT; return the keys of the rows that it wrote."""
    connection = connections[model.objects.db]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(words, params)
        return [key for (key,) in cursor.fetchall()]


def _statement(rows, unless_there=()):
    """Return (SQL, parameters) of the INSERT of some rows."""
    model = type(rows[0])
    connection = connections[model.objects.db]
    columns = []
    for field in model._meta.concrete_fields:
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows]
        if any(value is not None for value in values):
            columns.append((field, values))
    is_unnested = connection.vendor == "postgresql" and len(rows) > 1
    words = _insert_of(model, tuple(field for field, _values in columns), 0 if is_unnested else len(rows), unless_there)
    by_column = [values for _field, values in columns]
    params = by_column if is_unnested else [value for values in zip(*by_column, strict=True) for value in values]
    return words, params


@cache
def _insert_of(model, fields, number, unless_there):
    """Return the INSERT of so many rows with these fields; the others are NULL. With 0 it takes a list for each field.

    Where there is a row with the same values in the fields of `unless_there`, it writes none. Lists, as Django writes
    them for PostgreSQL: psycopg parses a statement with more than 50 values on every call.
    """
    connection = connections[model.objects.db]
    quote = connection.ops.quote_name
    if number:
        values = "VALUES " + ", ".join([f"({', '.join(['%s'] * len(fields))})"] * number)
    else:
        # Without the length of a type: a cast to it would cut a text that is too long, and say nothing.
        types = [field.db_type(connection).split("(")[0] for field in fields]
        values = f"SELECT * FROM UNNEST({', '.join(f'(%s)::{name}[]' for name in types)})"  # noqa: S608 - names of ours
    columns = ", ".join(quote(field.column) for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    unique = ", ".join(quote(model._meta.get_field(name).column) for name in unless_there)
    conflict = f"ON CONFLICT ({unique}) DO NOTHING " if unique else ""
    return f"INSERT INTO {table} ({columns}) {values} {conflict}RETURNING {key}"
