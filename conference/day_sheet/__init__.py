"""A day as one sheet: its window and its sessions in order, as an organiser types them on their own clock.

`values` says what stands in each field, `read` what was typed, `write` puts it into the database, `orders` carries out
what a button asks. All times come and go on the organiser's clock; the database has UTC.
"""

from .orders import carry_out
from .reading import Problem, read
from .values import OF_SESSION, values_of
from .writing import write

FIELDS = (*OF_SESSION, "add")  # of each session

__all__ = ["FIELDS", "Problem", "carry_out", "read", "values_of", "write"]
