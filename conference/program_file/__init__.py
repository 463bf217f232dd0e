"""What a program file says, whatever its format: the schema, what must hold between its parts, and its faults.

All of it is pure. `program_formats` gives it plain data from bytes, `program_loading` brings the Program in.
"""

from .checking import check, check_good_ones
from .faults import Element, Fault, ProgramFaults, Row, refuse, words_of
from .plain import Plain
from .schema import Program, shift

__all__ = [
    "Element",
    "Fault",
    "Plain",
    "Program",
    "ProgramFaults",
    "Row",
    "check",
    "check_good_ones",
    "refuse",
    "shift",
    "words_of",
]
