"""Write to people, in three steps: people, words, send. Then a progress page, and the list of past messages."""

from .admin import BroadcastAdmin

__all__ = ["BroadcastAdmin"]
