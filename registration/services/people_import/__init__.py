"""Adds the people of a file, and keeps a record for a day in case an organiser takes them back.

`plan` says what rows change, `add` does it, `tell` writes to the people, `undo` takes it back within a day.
"""

from .add import add_people
from .plan import Note, Planned, Wanted, key_of_person, mails_of, plan_people
from .tell import tell_people
from .undo import (
    TooLate,
    begin_taking_back,
    count_removals,
    estimate_removals,
    may_take_back,
    set_undoing,
    take_back_next,
)

__all__ = [
    "Note",
    "Planned",
    "TooLate",
    "Wanted",
    "add_people",
    "begin_taking_back",
    "count_removals",
    "estimate_removals",
    "key_of_person",
    "mails_of",
    "may_take_back",
    "plan_people",
    "set_undoing",
    "take_back_next",
    "tell_people",
]
