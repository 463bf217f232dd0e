"""manage.py backup: copies the whole database while the site runs, compressed, checked and encrypted."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from pxp.operations import clock_watch, database_faults
from pxp.operations.backups import folder, reading, sealing, writing
from pxp.operations.backups.format import NoBackup
from pxp.operations.tidy import TidyCommand
from registration.models import Erasure
from registration.services.erased_list import copy_erasures

NOT_ALL = (
    "The database is newer than this version of the site ({name}): what only the newer version keeps is not in this "
    "backup."
)
NOT_SEALED = (
    "This backup is NOT encrypted: anyone who has it has every name and address. "
    "Set BACKUP_PASSPHRASE or BACKUP_AGE_KEY."
)


class Command(TidyCommand):
    """Writes one backup. In a folder it names the file itself, and deletes what is too old."""

    help = "Copy the whole database while the site runs, into a file or a folder."
    requires_system_checks = ()  # system checks use the database, which may be what is broken

    def add_arguments(self, parser):
        parser.add_argument("target", nargs="?", type=Path, help="file or folder; if left out, the folder BACKUP_DIR")

    def handle(self, *, target, **options):
        """Write, check, encrypt, and rotate; raises CommandError with what to do."""
        target = target or Path(settings.BACKUP_DIR)
        is_folder = target.is_dir() or target == Path(settings.BACKUP_DIR)
        try:
            file, counts = self.write(target, is_folder=is_folder)
            if Erasure._meta.db_table in connection.introspection.table_names():  # not before its migration
                copy_erasures()
            # If the clock jumped, all other backups look too old.
            may_rotate = is_folder and not clock_watch.is_in_doubt(now=timezone.now())
            gone = folder.rotate(target, now=timezone.now()) if may_rotate else 0
        except (NoBackup, sealing.BadKey) as fault:
            raise CommandError(str(fault)) from None
        except DatabaseError as fault:
            raise CommandError(database_faults.explain(fault)) from None
        except OSError as fault:
            raise CommandError(
                f"The backup could not be written: {fault.strerror or fault}. Look at {target}."
            ) from None
        size = file.stat().st_size / 1024
        people = counts["registration.Registrant"]
        self.stdout.write(f"{file}: {people} people, {sum(counts.values())} rows, {size:.0f} KB. It was read again.")
        if gone:
            self.stdout.write(f"{gone} older backups were deleted.")
        if newer := writing.only_newer_code_knows():
            self.stderr.write(NOT_ALL.format(name=newer[0][1]))
        if not sealing.will_seal():
            self.stderr.write(NOT_SEALED)

    def write(self, target, *, is_folder):
        """Write the backup; return (its file, counts). If that fails, it leaves nothing behind."""
        if not is_folder and folder.holds_something_else(target):
            raise NoBackup(f"{target} is something else than a backup, and stays. Name a new file, or a folder.")
        with tempfile.TemporaryFile() as plain:
            header, written = writing.write_backup(plain)
            plain.seek(0)
            _header, counts = reading.check_backup(plain)
            if counts != written:
                raise NoBackup("The backup does not hold what was written. Is the disk broken?")
            file = target / folder.name_at(header.made_at, is_sealed=sealing.will_seal()) if is_folder else target
            with folder.new_file(file) as out:
                if sealing.will_seal():
                    sealing.seal(plain, out)
                else:
                    copy_checked(plain, out)
        return file, counts


def copy_checked(plain, out):
    """Copy one open binary file into another, and read it again."""
    plain.seek(0)
    while piece := plain.read(sealing.PIECE):
        out.write(piece)
    out.flush()
    if sealing.digest(out) != sealing.digest(plain):
        raise OSError("What was written reads differently")
