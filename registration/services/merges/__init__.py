"""Two sign-ups of one person: merging them, and separating them again within a day."""

from .apart import take_apart
from .common import Heard, foresee
from .together import merge

__all__ = ["Heard", "foresee", "merge", "take_apart"]
