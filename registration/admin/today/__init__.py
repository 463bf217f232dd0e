"""What people, needs and mails have to say on the organisers' first page, one file a subject."""

from . import mails, needs, people, steps, team, waiting

__all__ = ["mails", "needs", "people", "steps", "team", "waiting"]
