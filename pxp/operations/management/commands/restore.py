"""manage.py restore: restores a backup into an empty database, or over one if you say how many people it replaces."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from pxp.operations import database_faults
from pxp.operations.backups import reading, restoring, sealing
from pxp.operations.backups.format import NoBackup
from pxp.operations.tidy import TidyCommand
from registration.services.erased_list import ErasedList, the_list

OTHER_KEY = (
    "SECRET_KEY is not the one that this backup was made with: links in people's mails will not open. "
    "Put the old key into SECRET_KEY_FALLBACKS."
)

CANNOT_READ = (
    "{fault.filename} cannot be read: {fault.strerror}. This runs as the user of the site, who needs to own the files "
    "in BACKUP_DIR. The private key may stay with you: --identity - <KEY"
)


class Command(TidyCommand):
    """Restores a backup of either kind of database into the one that DATABASE_URL names. Stop the site first."""

    help = "Put a backup into an empty database. People who were erased since stay erased."
    requires_system_checks = ()  # system checks use the database, which may be what is broken

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--identity", type=Path, help="file with the private age key; - reads it from standard input"
        )
        parser.add_argument("--erased", type=Path, help="the list of erased people (erased.txt in BACKUP_DIR)")
        parser.add_argument("--without-erased", action="store_true", help="there is no such list any more")
        parser.add_argument("--replace", type=int, metavar="N", help="delete the N people and accounts that are there")

    def handle(self, *, file, identity, erased, without_erased, replace, **options):
        """Restore; raises CommandError with what to do, before anything is changed."""
        try:
            entries = {} if without_erased else self.erased(erased)
            restoring.make_database()
            self.refuse_to_overwrite(replace)
            with sealing.open_backup(file, identity=identity) as plain:
                header, _counts = reading.check_backup(plain)  # before anything is changed
                plain.seek(0)
                with reading.read_backup(plain) as backup:
                    counts, again = restoring.restore(backup, erased=entries)
        except (NoBackup, sealing.NotOpened) as fault:
            raise CommandError(str(fault)) from None
        except FileNotFoundError as fault:
            raise CommandError(f"There is no file {fault.filename}.") from None
        except OSError as fault:
            raise CommandError(CANNOT_READ.format(fault=fault)) from None
        except DatabaseError as fault:
            raise CommandError(database_faults.explain(fault)) from None
        self.stdout.write(f"Restored as of {header.made_at:%-d %B %Y, %H:%M:%S} UTC: {sum(counts.values())} rows.")
        self.stdout.write(f"People: {counts['registration.Registrant']}; erased again: {again}.")
        if not header.opens_links:
            self.stderr.write(OTHER_KEY)

    def erased(self, file):
        """Return the entries of the list. Raises CommandError if there is none."""
        the_file = ErasedList(file) if file else the_list()
        if not the_file.file.exists():
            raise CommandError(
                f"There is no list of erased people at {the_file.file}, so they would be back.\n"
                "Name it with --erased FILE. If it is lost, say so: --without-erased"
            )
        entries = the_file.read()
        if file and not entries and file.stat().st_size:
            raise CommandError(
                f"{file} names nobody who was erased. Is it the right file? If nobody was, say so: --without-erased"
            )
        return entries

    def refuse_to_overwrite(self, replace):
        """Raise CommandError if the database holds people or accounts, unless `replace` is their number."""
        there = restoring.people_and_accounts()
        if not there or there == replace:
            return
        name = settings.DATABASES["default"]["NAME"]
        raise CommandError(
            f"The database {name} holds {there} people and accounts, which this would delete.\n"
            f"Make a backup of it first. Then, to go on: --replace {there}"
        )
