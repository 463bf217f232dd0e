"""Imports a validated program, all of it or nothing: directly, or after a preview into the draft."""

from .applying import Changes, apply
from .good_sessions import GoodSessions, drop_faulty_sessions
from .shifting import shift

__all__ = ["Changes", "GoodSessions", "apply", "drop_faulty_sessions", "shift"]
