"""What workers saw of their machines, for web processes on other machines."""

from .sights import Sight

__all__ = ["Sight"]
