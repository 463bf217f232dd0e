"""Writes tables as CSV or XLSX into a file without a name, which is gone when it is closed.

Rows are written as they come, so a large table takes no more memory than a small one.
"""

import csv
import io
import re
from tempfile import TemporaryDirectory, TemporaryFile

from .guard import guard_cell

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# What a cell of Excel can hold; LibreOffice takes no more from an XLSX file.
LONGEST_CELL = 32_767
WIDEST_COLUMN = 60
_UNUSUAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def write(kind, sheets):
    """Return a binary file, at its start, with the table in it; the caller closes it.

    Args:
        kind: one of `FORMATS`.
        sheets: (name, heads, rows) of each sheet; heads are texts, rows are iterables of texts and whole numbers. CSV
            has no sheets: there they follow one another, each below its name if there are several.
    """
    return {"csv": _csv, "xlsx": _xlsx}[kind](sheets)


def _csv(sheets):
    sheets = list(sheets)
    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    # The mark at the start says that it is UTF-8: spreadsheet programs guess wrong without.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(text, quoting=csv.QUOTE_ALL)
    for place, (name, heads, rows) in enumerate(sheets):
        if len(sheets) > 1:
            table.writerows([[]] * bool(place) + [[_cell(name)]])
        table.writerow([_cell(head) for head in heads])
        table.writerows([_cell(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _xlsx(sheets):
    from xlsxwriter import Workbook  # needed only to write a table

    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(file, options) as book:
            head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            for name, heads, rows in sheets:
                _write_sheet(book.add_worksheet(_sheet_name(name)), head, heads, rows)
    file.seek(0)
    return file


def _write_sheet(sheet, head, heads, rows):
    sheet.freeze_panes(1, 0)
    for column, words in enumerate(heads):
        sheet.set_column(column, column, max(12, min(len(words) + 2, WIDEST_COLUMN)))
        sheet.write_string(0, column, _cell(words), head)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell != "":
                sheet.write_string(number, column, _cell(cell)[:LONGEST_CELL])


def _cell(value):
    return value if isinstance(value, int) else guard_cell(_UNUSUAL.sub("", str(value)))


def _sheet_name(words):
    """Return words as the name of a sheet, which Excel holds short."""
    return re.sub(r"[\[\]:*?/\\]", " ", str(words)).strip("' ")[:31]
