"""A program file in any format: its schema, the rules between its parts, and its faults.

No database. `program_formats` turns bytes into Plain data, `program_loading` imports the Program.
"""

from .checking import ITEMS, Plain, check
from .faults import Element, Fault, ProgramFaults, Row, refuse, words_of
from .schema import Program

__all__ = [
    "ITEMS",
    "Element",
    "Fault",
    "Plain",
    "Program",
    "ProgramFaults",
    "Row",
    "check",
    "refuse",
    "words_of",
]
