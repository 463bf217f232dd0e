"""Restores a backup into a database: the tables as they were then, their rows, then today's migrations."""

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager
from itertools import batched, groupby
from pathlib import Path

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from conference.models import ContentVersion
from pxp.operations import database_faults
from registration.services.erased_list import erase_again

from .format import NoBackup, columns_of, tables_of

AT_ONCE = 1000  # rows
RESTORING = 0x5058505265  # the advisory lock of a restore into PostgreSQL
ANOTHER_RUNS = "Another restore into this database runs. Wait for its end."


def people_and_accounts():
    """Return how many people and accounts the site's database holds; 0 if there are no tables yet."""
    from django.contrib.auth import get_user_model

    from registration.models import Registrant

    there = set(connection.introspection.table_names())
    return sum(model.objects.count() for model in (Registrant, get_user_model()) if model._meta.db_table in there)


def restore(backup, *, erased):
    """Put a Backup in place of all that the site's database holds.

    Args:
        backup: from `read_backup`.
        erased: {row id: UTC instant} of people who must stay erased.

    Returns (counts, how many were erased again). Raises NoBackup if the backup is newer than the code, and then nothing
    is changed; or if it is not whole: then the tables are empty on PostgreSQL, and as before on SQLite.
    """
    refuse_newer(backup)
    with where_to_build():
        drop_tables()
        build(backup)
        again = erase_again(erased, now=timezone.now())
        # Running processes then drop their cached pages, whatever version they saw last.
        ContentVersion.objects.leap(timezone.now())
    return dict(backup.counts), again


def refuse_newer(backup):
    """Raise NoBackup for a backup with migrations that this version of the site does not have."""
    known = MigrationLoader(None).graph.nodes
    if missing := [key for key in backup.header.migrations if key not in known]:
        raise NoBackup(f"This backup is newer than this version of the site ({missing[0][1]}). Use the newer one.")


def build(backup):
    """Make the tables as the backup had them, fill them, and bring them up to date."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    applied = set(backup.header.migrations)
    newest = [key for key in applied if not any(child in applied for child in children_in_app(graph, key))]
    executor.migrate(sorted(newest))
    fill_tables(backup, executor.loader.project_state(sorted(newest)).apps)
    call_command("migrate", verbosity=0, interactive=False)


def children_in_app(graph, key):
    """Return the migrations of the same app that follow this one."""
    return [child.key for child in graph.node_map[key].children if child.key[0] == key[0]]


def fill_tables(backup, apps):
    """Write the rows into the tables of these apps, in one transaction."""
    models = {model._meta.label: model for model in tables_of(apps)}
    with transaction.atomic():
        for model in models.values():  # rows written by migrations, which are in the backup too
            model._base_manager.all()._raw_delete(connection.alias)
        for (table, names), rows in groupby(backup.rows(), key=lambda row: (row[0], tuple(row[1]))):
            write_table(models[table], names, (values for _table, _names, values in rows))
        there = {label: models[label]._base_manager.count() for label in backup.counts}
        if there != dict(backup.counts):
            raise NoBackup("The database does not hold what the backup holds. Is the disk broken?")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)


def write_table(model, names, rows):
    """Write the rows of one table, with the keys they had."""
    fields = {field.attname: field for field in columns_of(model)}
    readers = [(name, reader_of(fields[name])) for name in names]
    for some in batched(rows, AT_ONCE, strict=False):
        model._base_manager.bulk_create(
            model(**{name: read(value) for (name, read), value in zip(readers, values, strict=True)}) for values in some
        )


def reader_of(field):
    """Return the function that reads a value of this column."""
    return field.target_field.to_python if field.is_relation else field.to_python


def drop_tables():
    """Drop the site's tables with everything in them."""
    names = connection.introspection.table_names()
    ours = [name for name in connection.introspection.django_table_names(include_views=False) if name in names]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name in [*ours, *(name for name in ["django_migrations"] if name in names)]:
            cursor.execute(f"DROP TABLE {quote(name)}{' CASCADE' if connection.vendor == 'postgresql' else ''}")


@contextmanager
def where_to_build():
    """On SQLite, connect to a file next to the database, which replaces it atomically at the end."""
    if connection.vendor != "sqlite":
        with alone_on_the_server():
            yield
        return
    target = connection.settings_dict["NAME"]
    scratch = Path(f"{target}.restoring")
    scratch.parent.mkdir(parents=True, exist_ok=True)
    with alone_with(scratch):
        connection.close()
        connection.settings_dict["NAME"] = str(scratch)
        try:
            yield
            connection.close()
            Path(target).touch(mode=0o600)
            # One transaction, for everyone who has the database open.
            with closing(sqlite3.connect(scratch)) as source, closing(sqlite3.connect(target, timeout=20)) as there:
                source.backup(there)
                there.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = target


@contextmanager
def alone_on_the_server():
    """Let one restore at a time into a PostgreSQL database. Raises NoBackup if another one runs.

    The lock belongs to a transaction that is open meanwhile, on a connection of its own: PgBouncer would pass on one
    that belongs to a session.
    """
    with closing(connection.Database.connect(**connection.get_connection_params())) as own:
        if not own.execute("SELECT pg_try_advisory_xact_lock(%s)", [RESTORING]).fetchone()[0]:
            raise NoBackup(ANOTHER_RUNS)
        yield


@contextmanager
def alone_with(scratch):
    """Give an empty scratch file to one restore at a time, and delete it: two would put half of one into the site.

    Raises NoBackup if another one has it.
    """
    handle = os.open(scratch, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_there = scratch.exists() and os.path.samestat(os.fstat(handle), scratch.stat())
    except BlockingIOError:
        is_there = False
    if not is_there:  # another one has it, or deleted it just now
        os.close(handle)
        raise NoBackup(ANOTHER_RUNS)
    try:
        remove_beside(scratch)
        os.ftruncate(handle, 0)
        yield
    finally:
        remove_beside(scratch)
        scratch.unlink()
        os.close(handle)


def remove_beside(file):
    """Delete the files that SQLite keeps beside a database."""
    for name in (f"{file}-wal", f"{file}-shm", f"{file}-journal"):
        Path(name).unlink(missing_ok=True)


def make_database():
    """Make the site's database on PostgreSQL if it is missing; SQLite makes its own.

    Raises NoBackup if the server does not answer, or the role may not make one.
    """
    if connection.vendor != "postgresql":
        return
    name, role = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    if not (why := database_faults.why_no_connection()):
        return
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except OperationalError:
        raise NoBackup(f"The database that DATABASE_URL names does not answer: {why}") from None
    except ProgrammingError:
        raise NoBackup(f"{why}\nMake it first, as PostgreSQL's administrator: createdb --owner={role} {name}") from None
