"""`manage.py load_program FILE [--first-day YYYY-MM-DD] [--anyway]`: bring a program file into the database."""

import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from django.utils.translation import ngettext

from conference.clock.parsing import YEARS
from conference.models import Session, Speaker
from conference.moving import put_day_at
from conference.program_file import ProgramFaults, refuse
from conference.program_formats import MOST_BYTES, read
from conference.program_loading import apply, shift


class Command(BaseCommand):
    """Prints what changed. On faults: one sentence each on stderr, exit code 1, and no change."""

    help = "Load an edition's program from a YAML file. A file with a fault changes nothing."
    # How a day that is there gets another time; `registration` overrides it so people are told.
    move_day = staticmethod(put_day_at)

    def add_arguments(self, parser):
        parser.add_argument("file", help="the program file, like data/pxp-2023.yaml")
        parser.add_argument(
            "--first-day",
            metavar="YYYY-MM-DD",
            help="move all dates and the year: the first day is on this date in UTC",
        )

        parser.add_argument(
            "--anyway", action="store_true", help="load what is only odd, like two sessions at the same time"
        )

    def handle(self, *, file, first_day, anyway=False, **options):
        try:
            program = read(contents(Path(file)), anyway=anyway)
            if first_day:
                program = shift(program, date_from(first_day))
            changes = apply(program, now=timezone.now(), move_day=self.move_day, anyway=anyway)
        except ProgramFaults as faults:
            is_odd = all(fault.is_odd for fault in faults.faults)
            hint = ["If you mean it, load the file again with --anyway."] if is_odd else []
            self.refuse(*(fault.words(file) for fault in faults.faults), *hint)
        except (OperationalError, ProgrammingError) as error:
            self.refuse(f"The database does not answer as it should: {error}. Run “manage.py migrate” first.")
        for sentence in sentences(changes, program):
            self.stdout.write(sentence)

    def refuse(self, *sentences):
        """Say why nothing was loaded, and end with exit code 1."""
        for sentence in (*sentences, "Nothing was changed."):
            self.stderr.write(sentence)
        sys.exit(1)


def contents(path):
    """Return a file's bytes, at most one more than can be read. Raises ProgramFaults if there is no such file."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        sentence = "This is a folder. Name a file in it." if path.is_dir() else "There is no such file. Check its name."
    except (OSError, ValueError) as error:
        sentence = f"The file cannot be read: {error}."
    return refuse(None, "", sentence)


def date_from(text):
    """Return the date of `--first-day`. Raises ProgramFaults for anything else."""
    try:
        first_day = date.fromisoformat(text)
    except ValueError:
        first_day = None
    if first_day is None or first_day.year not in YEARS:
        refuse(None, "--first-day", "Write a date like 2027-09-12.")
    return first_day


def sentences(changes, program):
    """Return what loading did, in short sentences."""
    conference = changes.conference
    days = len(program.days)
    sessions = Session.objects.for_edition(conference).count()
    speakers = Speaker.objects.for_edition(conference).count()
    said = [
        f"Loaded {conference.short_name} {conference.slug}: "
        + ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        + ", "
        + ngettext("%(count)d session", "%(count)d sessions", sessions) % {"count": sessions}
        + ", "
        + ngettext("%(count)d speaker", "%(count)d speakers", speakers) % {"count": speakers}
        + "."
    ]
    if changes.is_nothing:
        return [*said, "Nothing changed."]
    if changes.is_new_edition:
        return [*said, "This edition is new."]
    for what, names in (("New", changes.new), ("Changed", changes.changed), ("Removed", changes.removed)):
        if names:
            said.append(f"{what}: {'; '.join(names)}.")
    if changes.people_to_tell:
        said.append(f"A day has moved. People who get the new time by mail: {changes.people_to_tell}.")
    return said
