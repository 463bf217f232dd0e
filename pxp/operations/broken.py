"""Explains what a database error means, and what to do."""

from django.db import connection


def words_for(fault):
    """Return what a DatabaseError says about the site's database, and what to do if its file is corrupt."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and any(words in str(fault) for words in ("not a database", "malformed")):
        return (
            f"{name} is broken ({fault}). Stop the site, move it away with the files beside it "
            f"(mv {name}* ELSEWHERE), and restore a backup."
        )
    return f"The database that DATABASE_URL names does not answer: {fault}"
