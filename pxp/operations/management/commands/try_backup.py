"""manage.py try_backup: the drill. Restores a backup into a scratch database, and counts."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from pxp.operations import database_faults
from pxp.operations.backups import folder, sealing, writing
from pxp.operations.backups.format import NoBackup
from pxp.operations.tidy import TidyCommand

ELSEWHERE = (
    "That was a backup made now: {file} opens with a key that is kept elsewhere. "
    "Try that one now and then where the key is: --identity FILE"
)


class Command(TidyCommand):
    """Restores into SQLite in a folder of its own, whatever database the backup is from; the site is not touched."""

    help = "Restore a backup into a scratch database, count, and throw the scratch away."
    requires_system_checks = ()  # system checks use the site's database, which may be broken

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="if left out, the newest in BACKUP_DIR")
        parser.add_argument("--identity", type=Path, help="file with the private age key")

    def handle(self, *, file, identity, **options):
        """Run the real `restore` with another DATABASE_URL; raises CommandError if it fails."""
        file = file or newest()
        opening = ["--identity", str(identity)] if identity else []
        with tempfile.TemporaryDirectory(prefix="pxp-drill-") as scratch:
            try:
                tried = file_to_try(file, identity=identity, scratch=Path(scratch))
            except NoBackup as fault:
                raise CommandError(str(fault)) from None
            except DatabaseError as fault:
                raise CommandError(database_faults.explain(fault)) from None
            except OSError as fault:
                raise CommandError(f"{file} cannot be read: {fault.strerror or fault}.") from None
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "manage.py", "restore", str(tried.resolve()), "--without-erased", *opening],
                env=os.environ | {"DATABASE_URL": f"sqlite:///{scratch}/drill.sqlite3"},
                cwd=settings.BASE_DIR,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise CommandError(f"{file} cannot be restored.\n{done.stderr.strip()}")
        self.stdout.write(done.stdout.strip())
        if done.stderr.strip():
            raise CommandError(done.stderr.strip())
        if tried != file:
            self.stdout.write(ELSEWHERE.format(file=file))
            return
        age = timezone.now() - at if (at := folder.made_at(file)) else None
        self.stdout.write(
            f"{file} can be restored" + (f"; it is {age.total_seconds() / 3600:.0f} hours old." if age else ".")
        )


def file_to_try(file, *, identity, scratch):
    """Return the backup to restore: `file`, or one made now in `scratch` if only a key kept elsewhere opens `file`.

    So a timer without the key still finds rows that cannot be written, read or restored.
    """
    if identity or not sealing.is_for_a_key(file):
        return file
    made = scratch / "now.backup"
    with folder.new_file(made) as out:
        writing.write_backup(out)
    return made


def newest():
    """Return the newest backup. Raises CommandError if there is none."""
    backups = folder.backups_in(settings.BACKUP_DIR)
    if not backups:
        raise CommandError(f"There is no backup in {settings.BACKUP_DIR}. Make one: manage.py backup")
    return backups[-1][1]
