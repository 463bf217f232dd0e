"""A checked program into the database, all of it or nothing: at once, or looked at first and into the draft."""

from .applying import Changes, apply
from .good_ones import GoodOnes, good_ones
from .shifting import shift

__all__ = ["Changes", "GoodOnes", "apply", "good_ones", "shift"]
