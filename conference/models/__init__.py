"""The program's tables: editions, days, sessions, speakers and the texts around them."""

from .changes import ProgramChange
from .days import AnnouncedDate, Day
from .editions import Conference, FormerYear
from .sessions import Session
from .speakers import Appearance, Speaker
from .texts import Text
from .versions import ContentVersion, published_change

__all__ = [
    "AnnouncedDate",
    "Appearance",
    "Conference",
    "ContentVersion",
    "Day",
    "FormerYear",
    "ProgramChange",
    "Session",
    "Speaker",
    "Text",
    "published_change",
]
