"""Refuses to run on SQLite without the options that keep sign-ups apart, and to migrate a database that was moved."""

from django.core.checks import Error, Tags, register
from django.db import connections

from pxp.operations import moved_database

OWN = "pxp"  # the tag of checks that read settings alone

NEEDED = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


@register(OWN)
def check_sqlite(app_configs, **kwargs):
    """Return an Error for each SQLite database whose options are not the ones that pxp/settings.py sets."""
    return [
        Error(
            f"The SQLite database {alias!r} lacks its options, so sign-ups would be lost to 'database is locked'.",
            hint=f"Set OPTIONS to {NEEDED}, as pxp/settings.py does.",
            id="pxp.E002",
        )
        for alias, database in connections.settings.items()
        if database["ENGINE"].endswith(".sqlite3") and not NEEDED.items() <= database.get("OPTIONS", {}).items()
    ]


@register(Tags.database)
def check_moved(app_configs, databases=None, **kwargs):
    """Return an Error if the database was moved to PostgreSQL; `migrate` asks, and would make empty tables there."""
    return [Error(moved_database.WORDS, id="pxp.E001")] if databases and moved_database.is_moved() else []
