"""Write to people, in three steps: whom, words, send. Then a page that counts, and the list of what was said."""

from .admin import BroadcastAdmin

__all__ = ["BroadcastAdmin"]
