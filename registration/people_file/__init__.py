"""Imports of people from files: read, match columns, check each row, and import through the services.

`uploads` accepts a file, `looking` previews it, `bringing` imports it; `headings`, `values` and `rows` parse it.
"""

from .bringing import bring_in, carry_on, take_back
from .choices import DAY, USES, Choices
from .common import PORTION, ChangedMeanwhile, HasBadRows, days_to_choose, heads_of, is_small
from .looking import choose, look, look_at_rows, mark_of
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
    "bring_in",
    "carry_on",
    "choose",
    "days_to_choose",
    "heads_of",
    "is_small",
    "look",
    "look_at_rows",
    "mark_of",
    "take_back",
]
