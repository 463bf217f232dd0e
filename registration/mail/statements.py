"""SQL that runs once for each mail, put together once: Django's own way to write a row took most of a mail's time."""

from functools import cache

from django.db import connection


def insert(row):
    """Write a new row and give it its primary key, as `row.save(force_insert=True)` does."""
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(row)), [_value(row, field) for field in _columns(type(row))])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(row, changes, *, only_if=None):
    """Write some columns of a row, if the columns in `only_if` have its values; return whether they had.

    Both are dicts of values by field name. The object `row` stays as it is.
    """
    conditions = {"id": row.pk} | (only_if or {})
    given = [*changes.items(), *conditions.items()]
    values = [row._meta.get_field(name).get_db_prep_save(value, connection) for name, value in given]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row), tuple(changes), tuple(conditions)), values)
        return cursor.rowcount == 1


@cache
def _columns(model):
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _insert(model):
    columns = ", ".join(connection.ops.quote_name(field.column) for field in _columns(model))
    marks = ", ".join(["%s"] * len(_columns(model)))
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks}) RETURNING id"  # noqa: S608 our own names


@cache
def _update(model, names, conditions):
    changes = ", ".join(f"{model._meta.get_field(name).column} = %s" for name in names)
    condition = " AND ".join(f"{model._meta.get_field(name).column} = %s" for name in conditions)
    return f"UPDATE {model._meta.db_table} SET {changes} WHERE {condition}"  # noqa: S608 our own names


def _value(row, field):
    return field.get_db_prep_save(getattr(row, field.attname), connection)
