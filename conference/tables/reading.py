"""Reads XLSX files that people made, with bounded memory: what is hostile or too large is refused with one sentence."""

import io
import zipfile

MOST_BYTES = 1_000_000
# What the parts of a file may come to once they are unpacked: a "zip bomb" is a small file that becomes gigabytes.
MOST_UNPACKED = 50_000_000
MOST_PARTS = 200
MOST_ROWS = 5_000
MOST_COLUMNS = 100
_PORTION = 65_536


class CannotRead(Exception):
    """The file is no table that we read. `sentence` says why and what to do."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def read_workbook(data):
    """Return {name of a sheet: rows of cells, all texts} of an XLSX file's bytes. Raises CannotRead."""
    if len(data) > MOST_BYTES:
        raise CannotRead("The file is too large for a program. At most 1 MB can be read.")
    _refuse_tricks(data)
    from python_calamine import CalamineWorkbook  # only who reads a workbook needs it

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _rows(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except CannotRead:
        raise
    except Exception as error:  # each of its errors has a class of its own
        raise CannotRead("This is not a workbook that can be read. Save it as XLSX once more.") from error


def _refuse_tricks(data):
    """Refuse what unpacks to more than it says, or to too much, before anything is made of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise CannotRead("The file becomes far too large when it is unpacked. Save only the program in it.")
            for part in parts:
                with packed.open(part) as inner:  # reads no more than the part says, and checks its sum
                    start = inner.read(_PORTION)
                    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                        raise CannotRead("The file defines words of its own (XML entities). Save it as XLSX once more.")
                    while inner.read(_PORTION):
                        pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise CannotRead("This is not a workbook that can be read. Save it as XLSX once more.") from error


def _rows(sheet):
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise CannotRead(f"The sheet “{sheet.name[:31]}” is too large. At most 5,000 rows can be read.")
    return [[_words(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _words(cell):
    """Return a cell as somebody would type it: 3.0 is "3", a date 2027-09-12T19:00:00Z."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        words = cell.isoformat()
        return f"{words}Z" if "T" in words and "+" not in words else words
    return str(cell)
