"""What workers saw of their machines, for web processes on other machines."""

from .observations import Observation

__all__ = ["Observation"]
