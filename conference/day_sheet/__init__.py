"""A day as one form: its times and its sessions in order, on the organiser's own clock.

`values` fills the fields, `reading` parses what was typed, `writing` saves it to the database, `orders` carries out the
buttons. All times come and go on the organiser's clock; the database has UTC.
"""

from .orders import carry_out
from .reading import Problem, read
from .values import OF_SESSION, values_of
from .writing import OF_WINDOW, check_clock, write

FIELDS = (*OF_SESSION, "add")  # of each session

__all__ = ["FIELDS", "OF_WINDOW", "Problem", "carry_out", "check_clock", "read", "values_of", "write"]
