"""Tables for spreadsheet programs: written without holding them in memory, each cell harmless; read with bounds."""

from .guard import guarded, unguarded
from .reading import CannotRead, read_workbook
from .writing import FORMATS, write

__all__ = ["FORMATS", "CannotRead", "guarded", "read_workbook", "unguarded", "write"]
