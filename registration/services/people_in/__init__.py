"""Brings in the people of a file, and keeps a record for a day, in case an organiser takes them back.

`planning` says what rows change, `adding` does it, `telling` writes to the people, `taking_back` undoes it.
"""

from .adding import add_people
from .planning import Note, Planned, Wanted, key_of_person, mails_of, plan_people
from .taking_back import (
    UNDO,
    TooLate,
    begin_taking_back,
    count_removals,
    estimate_removals,
    may_take_back,
    start_taking_back,
    take_back_next,
)
from .telling import tell_people

__all__ = [
    "UNDO",
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
    "start_taking_back",
    "take_back_next",
    "tell_people",
]
