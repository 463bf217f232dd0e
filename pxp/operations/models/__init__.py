"""The worker's view of its machine, for web processes on other machines."""

from .sights import Sight

__all__ = ["Sight"]
