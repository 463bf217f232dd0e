"""Detects a SQLite database that was moved to PostgreSQL: its tables have other names.

So a forgotten process cannot take sign-ups that nobody would find.
"""

from django.db import connection

BEFORE_NAMES = "moved_"
WORDS = "This database was moved to PostgreSQL: set DATABASE_URL to that one. (manage.py move_to --undo opens it.)"


def is_moved():
    """Whether the site's database is one that `manage.py move_to` closed. Raises DatabaseError."""
    return (
        connection.vendor == "sqlite" and f"{BEFORE_NAMES}django_migrations" in connection.introspection.table_names()
    )
