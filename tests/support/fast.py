"""Gives the tests --fast, for the loop: without browsers, other programs, and what is marked `slow`.

Of a test with many cases only the first and the last run. The database is kept between two runs.
"""

import hashlib
import os
import shutil

import pytest
from django.conf import settings
from django.db import connection

from tests.support.programs import ROOT

# Tests that start a browser, a server or another program, or wait for one.
SLOW_FIXTURES = {"axe", "browser", "demo", "demo_folder", "ical_js", "node_ical", "nu", "schema_org", "served", "site"}


def pytest_addoption(parser):
    """Add --fast."""
    parser.addoption("--fast", action="store_true", help="leave out what needs a browser or takes long")


def pytest_configure(config):
    """Name the mark."""
    config.addinivalue_line("markers", "slow: takes more than a second, so --fast leaves it out")


def pytest_collection_modifyitems(config, items):
    """Leave out what is slow, and the cases between the first and the last."""
    if config.getoption("--fast"):
        cases = {}
        for item in items:
            if not is_slow(item):
                cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
        kept = {item for each in cases.values() for item in (each[0], each[-1])}
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]


def is_slow(item):
    """Whether a test is not for the loop."""
    marked = item.get_closest_marker("slow") or SLOW_FIXTURES & set(item.fixturenames)
    return bool(marked) or "browser" in item.path.parts


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """Let --fast begin with the tables of an earlier run, on SQLite."""
    if not request.config.getoption("--fast") or connection.vendor != "sqlite":
        return False
    if (kept := kept_tables()).exists():
        shutil.copy(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_keepdb, django_db_setup, django_db_blocker):
    """Keep the tables for the next run with --fast."""
    if django_db_keepdb and not (kept := kept_tables()).exists():
        for old in kept.parent.glob("tables-*.sqlite3"):
            old.unlink(missing_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(half)])
        half.rename(kept)


def kept_tables():
    """Return the file for the tables that these migrations make."""
    migrations = [
        file for app in ("conference", "pxp", "registration") for file in (ROOT / app).rglob("migrations/*.py")
    ]
    content = b"".join(file.read_bytes() for file in [ROOT / "uv.lock", *sorted(migrations)])
    return ROOT / ".cache" / f"tables-{hashlib.sha256(content).hexdigest()[:12]}.sqlite3"
