"""Shared by all steps of an import: lock and states, days and headings, and parsed rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from conference.models import Conference, Day
from registration.models import FilePortion, PeopleFile
from registration.services.people_import import Wanted
from registration.status import ImpossibleTransition, PeopleFileState

from .choices import Choices
from .rows import LeftOut, Reading, RowFault

PORTION = 250  # rows
AT_ONCE = 4  # batches, while the organiser waits


class ChangedMeanwhile(Exception):
    """The file would no longer change what was shown."""


class HasBadRows(Exception):
    """All rows or none, and some are bad."""


def is_small(file: PeopleFile) -> bool:
    """Whether a file is small enough to import while the organiser waits."""
    return file.rows <= AT_ONCE * PORTION


def days_to_choose(conference: Conference, now: datetime) -> list[Day]:
    """Return the days of an edition on which people can still be put at the UTC instant `now`."""
    return [day for day in Day.objects.for_edition(conference).with_conference() if day.is_to_come(now)]


def find_headings(file: PeopleFile) -> tuple[list[str], list[list[str]]]:
    """Return the headings of a file as they are chosen, and the first rows below them. Empty once it is used."""
    portion = FilePortion.objects.for_file(file).first()
    head = Choices.from_plain(file.choices).head
    rows = portion.rows if portion else []
    return (rows[head - 1] if head and head <= len(rows) else []), rows[head:]


def read_rows(
    file: PeopleFile, portion: FilePortion, chosen: Choices, days: Sequence[Day]
) -> Iterator[Wanted | RowFault | LeftOut]:
    """Yield what each row of a portion says, without those that say nothing."""
    headings, _rows = find_headings(file)
    width = len(headings) or max((len(row) for row in portion.rows), default=0)
    reading = Reading(chosen, days, width, set(portion.merged))
    for number, cells in enumerate(portion.rows, portion.first_row):
        if row := reading.read(number, cells):
            yield row


def lock(file: PeopleFile) -> PeopleFile:
    """Return a file as it is now, locked until the transaction ends."""
    return PeopleFile.objects.only_row(file).locked().with_edition().get()


def set_state(file: PeopleFile, to: PeopleFileState, *fields: str) -> None:
    """Bring a locked file to another state, as `PEOPLE_FILE_TRANSITIONS` allows. Raises ChangedMeanwhile."""
    try:
        file.change_state(to)
    except ImpossibleTransition:
        raise ChangedMeanwhile from None
    file.save(update_fields=["state", *fields])
