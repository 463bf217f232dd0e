"""Program files: an edition as a file, read and checked whole, then brought into the database in one transaction.

`read`, `check` and `shift` are pure; `apply` writes. A file with a fault changes nothing.
"""

from .applying import Changes, apply
from .faults import Fault, ProgramFaults
from .reading import check, read
from .schema import Program, shift
from .tree import MOST_BYTES

__all__ = ["MOST_BYTES", "Changes", "Fault", "Program", "ProgramFaults", "apply", "check", "read", "shift"]
