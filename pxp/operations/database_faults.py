"""Puts a database error into words for the person who runs the site."""

from django.db import connection


def explain(fault):
    """Return what a DatabaseError says about the site's database, and what to do if its file is corrupt."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and any(words in str(fault) for words in ("not a database", "malformed")):
        return (
            f"{name} is broken ({fault}). Stop the site, move it away with the files beside it "
            f"(mv {name}* ELSEWHERE), and restore a backup."
        )
    why = " ".join(str(why_no_connection() or fault).split())
    return f"The database that DATABASE_URL names does not answer: {why}"


def why_no_connection():
    """Return the error of a new connection to PostgreSQL, or None. The pool tries for seconds and does not say why."""
    if connection.vendor != "postgresql":
        return None
    try:
        connection.Database.connect(**connection.get_connection_params()).close()
    except connection.Database.OperationalError as fault:
        return fault
    return None
