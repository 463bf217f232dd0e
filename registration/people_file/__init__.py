"""Imports of people from files: read, match columns, check each row, and import through the services.

`uploads` accepts a file, `previewing` shows what it would change, `importing` imports it; `headings`, `values` and
`rows` parse it.
"""

from .choices import DAY, USES, Choices
from .common import PORTION, ChangedMeanwhile, HasBadRows, days_to_choose, find_headings, is_small
from .importing import carry_on, import_people, take_back
from .previewing import choose, fingerprint_of, preview, preview_rows
from .rows import LeftOut, RowFault
from .uploads import LIMITS, begin

__all__ = [
    "DAY",
    "LIMITS",
    "PORTION",
    "USES",
    "ChangedMeanwhile",
    "Choices",
    "HasBadRows",
    "LeftOut",
    "RowFault",
    "begin",
    "carry_on",
    "choose",
    "days_to_choose",
    "find_headings",
    "fingerprint_of",
    "import_people",
    "is_small",
    "preview",
    "preview_rows",
    "take_back",
]
