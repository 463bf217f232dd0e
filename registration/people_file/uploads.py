"""Accepts an organiser's file: checks it, splits it into batches, and guesses its columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched, chain, islice

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.tables import CannotRead, Limits, Sheet, sheet_of_csv, sheets_of_workbook
from registration.forms.fields import one_line
from registration.models import FilePortion, PeopleFile

from .choices import Choices
from .common import PORTION, days_to_choose
from .headings import HEAD_ROWS, SAMPLE, find_head, guess, use_of

LIMITS = Limits(bytes=8_000_000, unpacked=120_000_000, rows=50_000)
LONGEST_CELL = 500
ZIP = b"PK\x03\x04"


def begin(conference: Conference, data: bytes, *, name: str, user: User, now: datetime) -> PeopleFile:
    """Keep the rows of a CSV or XLSX file, with a guess of what its columns are; return it. Raises CannotRead."""
    if len(data) > LIMITS.bytes:
        raise CannotRead(_("The file is too large. At most %(n)d MB can be read.") % {"n": LIMITS.bytes // 1_000_000})
    sheet, first_rows = _best_sheet(data)
    with transaction.atomic():
        file = PeopleFile.objects.create(
            conference=conference,
            user=user,
            name=one_line(name)[:100],
            language=get_language() or "en",
            created_at=now,
        )
        rows = _keep(file, chain(first_rows, sheet.rows), _merged(sheet))
        head = find_head(first_rows)
        headings = first_rows[head - 1] if head else []
        days = days_to_choose(conference, now)
        columns = guess(headings, first_rows[head:], days)
        file.choices = Choices(head=head, columns=columns).as_plain()
        file.rows = rows
        file.save(update_fields=["choices", "rows"])
        if not rows:
            raise CannotRead(_("The file is empty."))
    return file


def _best_sheet(data: bytes) -> tuple[Sheet, list[list[str]]]:
    """Return the sheet whose headings say most, with its first rows, which are read already."""
    if not data.startswith(ZIP):
        sheet = sheet_of_csv(data, LIMITS)
        return sheet, _clean(islice(sheet.rows, HEAD_ROWS + SAMPLE))
    best, best_rows, most = None, [], -1
    for sheet in sheets_of_workbook(data, LIMITS):
        rows = _clean(islice(sheet.rows, HEAD_ROWS + SAMPLE))
        uses = max((len({use for cell in row if (use := use_of(cell))}) for row in rows), default=-1)
        if uses > most:
            best, best_rows, most = sheet, rows, uses
    if best is None:
        raise CannotRead(_("The file is empty."))
    if best.hidden:  # an organiser who sees twelve rows would bring in forty people
        words = _(
            "Row %(n)d is hidden, perhaps by a filter. Show all rows, or delete the hidden ones, and save it again."
        )
        raise CannotRead(words % {"n": best.hidden})
    return best, best_rows


def _clean(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return rows without empty cells at their ends, and without what is longer than any of our columns."""
    cleaned = []
    for row in rows:
        cells = [cell[:LONGEST_CELL].replace("\0", "") for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        cleaned.append(cells)
    return cleaned


def _keep(file: PeopleFile, rows: Iterable[Sequence[str]], merged: set[int]) -> int:
    """Keep the rows in portions; return how many they are."""
    number = 0
    for portion, some in enumerate(batched(rows, PORTION, strict=False)):
        kept = _clean(some)
        own = [row for row in range(number + 1, number + len(kept) + 1) if row in merged]
        FilePortion.objects.create(file=file, number=portion, first_row=number + 1, rows=kept, merged=own)
        number += len(kept)
    return number


def _merged(sheet: Sheet) -> set[int]:
    spans = (range(first, min(last, LIMITS.rows) + 1) for first, last in sheet.merged)
    return {row for span in spans for row in span}
