"""What the worker saw of its machine, for the web processes on others."""

from .sights import Sight

__all__ = ["Sight"]
