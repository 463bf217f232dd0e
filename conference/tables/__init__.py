"""Tables for spreadsheet programs: CSV and XLSX, written without holding them in memory, each cell harmless."""

from .guard import guarded, unguarded
from .writing import FORMATS, write

__all__ = ["FORMATS", "guarded", "unguarded", "write"]
