"""Writes every row as it is at one instant, while the site keeps writing."""

import gzip
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from .format import Header, NoBackup, columns_of, fingerprint_of_key, tables_of, write_line

AT_ONCE = 2000  # rows in memory


def write_backup(file):
    """Write a backup to a binary file that is open. Returns (Header, {table: number of rows}).

    If a newer version of the site made the tables, the backup has everything that this version knows, so backups still
    work after a rollback to an older version. Raises NoBackup if there are no tables.
    """
    with read_snapshot():
        return write_rows(file)


def write_rows(file):
    """Do what `write_backup` does, in a transaction that the caller began and that sees one snapshot."""
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
        return write_lines(packed)


def write_lines(file):
    """Write the lines."""
    loader = MigrationLoader(connection)
    applied = sorted(set(loader.applied_migrations) - set(only_newer_code_knows(loader)))
    if not any(app == "registration" for app, _name in applied):
        raise NoBackup("There is nothing to back up: the database has no tables. Does DATABASE_URL name the right one?")
    made_at = datetime.now(UTC)
    header = Header(made_at, connection.vendor, applied, fingerprint_of_key(made_at))
    file.write(write_line(header.as_json()))
    counts = {}
    # The tables as they are now, which may be older than the code.
    for model in tables_of(loader.project_state(applied).apps):
        fields = columns_of(model)
        file.write(write_line({"table": model._meta.label, "columns": [field.attname for field in fields]}))
        counts[model._meta.label] = 0
        for row in rows_of(model, fields):
            file.write(write_line(row))
            counts[model._meta.label] += 1
    file.write(write_line({"counts": counts}))
    return header, counts


def only_newer_code_knows(loader=None):
    """Return the migrations of the site's database that this version does not know, in order."""
    loader = loader or MigrationLoader(connection)
    return sorted(key for key in loader.applied_migrations if key not in {**loader.graph.nodes, **loader.replacements})


def rows_of(model, fields):
    """Yield the values of each row, in the order of keys. No cursor stays open: PgBouncer knows none."""
    names = [field.attname for field in fields]
    key_at = names.index(model._meta.pk.attname)
    rows, last = model._base_manager.order_by("pk").values_list(*names), None
    while True:
        some = list((rows if last is None else rows.filter(pk__gt=last))[:AT_ONCE])
        yield from some
        if len(some) < AT_ONCE:
            return
        last = some[-1][key_at]


@contextmanager
def read_snapshot():
    """See a snapshot of the database until the end, without blocking writers."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # Not atomic(): that takes the write lock (IMMEDIATE, pxp/settings.py). A reader has its own snapshot.
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
