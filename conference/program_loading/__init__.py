"""Imports a validated program, all of it or nothing: directly, or after a preview into the draft."""

from .applying import Changes, apply
from .good_ones import GoodOnes, good_ones
from .shifting import shift

__all__ = ["Changes", "GoodOnes", "apply", "good_ones", "shift"]
