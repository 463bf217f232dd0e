"""Program files: an edition as YAML, read and checked whole, then brought into the database in one transaction.

`read` and `shift` are pure; `apply` writes. A file with a fault changes nothing.
"""

from .applying import Changes, apply
from .faults import Fault, ProgramFaults
from .program import DayEntry, Program, Region, SessionEntry, SpeakerEntry, shift
from .reading import read
from .tree import MOST_BYTES

__all__ = [
    "MOST_BYTES",
    "Changes",
    "DayEntry",
    "Fault",
    "Program",
    "ProgramFaults",
    "Region",
    "SessionEntry",
    "SpeakerEntry",
    "apply",
    "read",
    "shift",
]
