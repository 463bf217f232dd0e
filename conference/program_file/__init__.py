"""What a program file says, whatever its format: the schema, what must hold between its parts, and its faults.

All of it is pure. `program_formats` gives it plain data from bytes, `program_loading` brings the Program in.
"""

from .checking import check
from .faults import Fault, ProgramFaults, Row, refuse
from .schema import Program, shift

__all__ = ["Fault", "Program", "ProgramFaults", "Row", "check", "refuse", "shift"]
