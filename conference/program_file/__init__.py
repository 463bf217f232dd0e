"""What a program file says, whatever its format: the schema, what must hold between its parts, and its faults.

All of it is pure. `program_formats` makes Plain data of bytes, `program_loading` brings the Program in.
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
