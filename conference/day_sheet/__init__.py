"""A day as one form: its times and its sessions in order, on the organiser's own clock.

`values` fills the fields, `reading` parses what was typed, `writing` saves it to the database, `orders` carries out the
buttons. All times come and go on the organiser's clock; the database has UTC.
"""

from .orders import carry_out, means_its_sheet
from .reading import Problem, lost_words, read
from .values import OF_SESSION, shape_of, values_of
from .writing import OF_WINDOW, check_clock, write

FIELDS = (*OF_SESSION, "add")  # of each session

__all__ = [
    "FIELDS",
    "OF_WINDOW",
    "Problem",
    "carry_out",
    "check_clock",
    "lost_words",
    "means_its_sheet",
    "read",
    "shape_of",
    "values_of",
    "write",
]
