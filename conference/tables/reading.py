"""Reads XLSX files that people made, with bounded memory: what is hostile or too large is refused with one sentence."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .inspecting import NOT_A_WORKBOOK, CannotRead, Limits, refuse_tricks

NO_RESULT = "#N/A"  # for each formula without a result, like #REF!, which calamine reads as an empty cell
PROGRAM = Limits(bytes=1_000_000, unpacked=50_000_000, rows=5_000)


@dataclass
class Sheet:
    """One sheet: its rows of cells, all texts, read as they are asked for. The first row is row 1, empty or not.

    `merged` are (first row, last row), from 1, of cells that were merged: only the first of them has words.
    `hidden` is the first row with words that the file hides, as a filter does, or 0. It is among the rows.
    """

    name: str
    rows: Iterator[list[str]]
    merged: list[tuple[int, int]] = field(default_factory=list)
    hidden: int = 0


def read_workbook(data):
    """Return {name of a sheet: rows of cells, all texts} of a program's XLSX file. Raises CannotRead."""
    if len(data) > PROGRAM.bytes:
        raise CannotRead(_("The file is too large for a program. At most %(n)d MB can be read.") % {"n": 1})
    return {sheet.name: list(sheet.rows) for sheet in sheets_of_workbook(data, PROGRAM)}


def sheets_of_workbook(data, limits):
    """Yield each Sheet of an XLSX file's bytes; read its rows before you ask for the next. Raises CannotRead."""
    seen = refuse_tricks(data, limits)
    from python_calamine import CalamineWorkbook  # needed only to read a workbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            merged = [(first[0] + 1, last[0] + 1) for first, last in sheet.merged_cell_ranges or ()]
            yield Sheet(name, _rows(sheet, seen.errors_of(name)), merged, seen.hidden_row_of(name))
    except CannotRead:
        raise
    except Exception as error:  # each of its errors has a class of its own
        raise CannotRead(NOT_A_WORKBOOK) from error


def _rows(sheet, errors):
    before = [""] * (sheet.start[1] if sheet.start else 0)  # its rows begin with the first, but not its columns
    for number, row in enumerate(sheet.iter_rows(), 1):
        words = before + [_words(cell) for cell in row]
        if wrong := errors.get(number):
            words = [NO_RESULT if wrong >> column & 1 else cell for column, cell in enumerate(words)]
        yield words


def _words(cell):
    """Return a cell as a person would type it: 3.0 is "3", a date 2027-09-12T19:00:00Z."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        words = cell.isoformat()
        return f"{words}Z" if "T" in words and "+" not in words else words
    return str(cell)
