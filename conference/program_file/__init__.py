"""Program files: an edition as a file, read and checked whole, then brought into the database in one transaction.

`read`, `check` and `shift` are pure; `apply` writes. A file with a fault changes nothing. `tell` is the way back.
"""

from .applying import Changes, apply
from .faults import Fault, ProgramFaults
from .reading import check, read, read_sheets
from .schema import Program, shift
from .sheets import sheets_of
from .telling import as_yaml, tell
from .tree import MOST_BYTES

__all__ = [
    "MOST_BYTES",
    "Changes",
    "Fault",
    "Program",
    "ProgramFaults",
    "apply",
    "as_yaml",
    "check",
    "read",
    "read_sheets",
    "sheets_of",
    "shift",
    "tell",
]
