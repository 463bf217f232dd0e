"""A checked program into the database, all of it or nothing: at once, or looked at first and into the draft."""

from .applying import Changes, apply

__all__ = ["Changes", "apply"]
