"""Refuses to run on SQLite without the options that keep two people's sign-ups apart."""

from django.core.checks import Error, register
from django.db import connections

NEEDED = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


@register
def check_sqlite(app_configs, **kwargs):
    """Return an Error for each SQLite database whose options are not the ones that pxp/settings.py sets."""
    return [
        Error(
            f"The SQLite database {alias!r} lacks its options, so sign-ups would be lost to 'database is locked'.",
            hint=f"Set OPTIONS to {NEEDED}, as pxp/settings.py does.",
            id="registration.E001",
        )
        for alias, database in connections.settings.items()
        if database["ENGINE"].endswith(".sqlite3") and not NEEDED.items() <= database.get("OPTIONS", {}).items()
    ]
