"""manage.py move_to postgresql://...: moves the site with every row from SQLite to PostgreSQL."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from pxp.operations.backups.format import NoBackup
from pxp.operations.backups.writing import only_newer_code_knows, write_rows
from pxp.operations.moved_database import BEFORE_NAMES
from pxp.operations.tidy import TidyCommand


class Command(TidyCommand):
    """Copies all rows and compares the counts. Sign-ups wait until it is done; then the old database is closed."""

    help = "Move the site from SQLite to an empty PostgreSQL database, and count all rows there."
    requires_system_checks = ()  # system checks use tables that do not exist after the move

    def add_arguments(self, parser):
        parser.add_argument("url", nargs="?", help="postgresql://user:password@host:5432/name")
        parser.add_argument("--undo", action="store_true", help="open the SQLite database again after a move")

    def handle(self, *, url, undo, **options):
        """Move; raises CommandError with what to do, and then nothing has changed here."""
        if connection.vendor != "sqlite":
            raise CommandError("This site is on PostgreSQL already. To another server, use backup and restore.")
        if undo:
            rename_tables(lambda name: name.removeprefix(BEFORE_NAMES))
            self.stdout.write("The SQLite database is open again. What was written to PostgreSQL since is not in it.")
            return
        if not (url or "").startswith(("postgresql://", "postgres://")):
            raise CommandError("Say where to, like postgresql://user:password@host:5432/name")
        with connection.cursor() as cursor, tempfile.TemporaryDirectory(prefix="pxp-move-") as folder:
            try:
                cursor.execute("BEGIN IMMEDIATE")  # nobody can write until this is done
                counts = self.copy(url, Path(folder, "all"))
                rename_tables(lambda name: BEFORE_NAMES + name)
                cursor.execute("COMMIT")
            except OperationalError as fault:
                raise CommandError(f"The SQLite database cannot be read: {fault}") from None
            finally:
                if connection.connection.in_transaction:
                    cursor.execute("ROLLBACK")
        self.stdout.write(
            f"{sum(counts.values())} rows in {len(counts)} tables were moved, and counted there: the same.\n"
            f"{counts['registration.Registrant']} people, {counts['registration.Registration']} registrations, "
            f"{counts['registration.OutboxMessage']} mails.\n"
            "The SQLite database is closed now: nothing can be written to it. (manage.py move_to --undo opens it.)\n"
            "Set DATABASE_URL to the new address, and start the site and the worker again."
        )

    def copy(self, url, file):
        """Write all rows into `file`, and restore that into the database at `url`; return {table: rows}."""
        if newer := only_newer_code_knows():
            raise CommandError(
                f"The database is newer than this version of the site ({newer[0][1]}). Use the newer one."
            )
        try:
            with file.open("xb") as out:
                _header, counts = write_rows(out)
        except NoBackup as fault:
            raise CommandError(str(fault)) from None
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "manage.py", "restore", str(file), "--without-erased"],
            env=os.environ | {"DATABASE_URL": url},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            words = done.stderr.rpartition("CommandError: ")[2]  # after a line for each try to connect
            raise CommandError(f"Nothing was moved. {words.strip()}")
        return counts


def rename_tables(new_name):
    """Rename each of the site's tables to `new_name(old name)`, within the open transaction."""
    quote = connection.ops.quote_name
    for name in connection.introspection.table_names():
        if new_name(name) != name:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {quote(name)} RENAME TO {quote(new_name(name))}")
