"""Tables for spreadsheet programs: written without holding them in memory, each cell harmless; read with bounds."""

from .csv_files import UNREADABLE, is_formula_error, is_garbled, sheet_of_csv
from .guard import guard_cell, unguard_cell
from .inspecting import CannotRead, Limits, column_letters, refuse_old_workbook
from .reading import NO_RESULT, Sheet, read_workbook, sheets_of_workbook
from .writing import FORMATS, write

__all__ = [
    "FORMATS",
    "NO_RESULT",
    "UNREADABLE",
    "CannotRead",
    "Limits",
    "Sheet",
    "column_letters",
    "guard_cell",
    "is_formula_error",
    "is_garbled",
    "read_workbook",
    "refuse_old_workbook",
    "sheet_of_csv",
    "sheets_of_workbook",
    "unguard_cell",
    "write",
]
