"""The program's tables: editions, days, sessions, speakers and the texts around them."""

from .changes import ProgramChange
from .days import AnnouncedDate, Day
from .drafts import Draft
from .editions import Conference, FormerYear
from .pictures import Picture
from .sessions import FormerSession, Session
from .speakers import Appearance, Speaker
from .texts import Text
from .versions import ContentVersion, published_change

__all__ = [
    "AnnouncedDate",
    "Appearance",
    "Conference",
    "ContentVersion",
    "Day",
    "Draft",
    "FormerSession",
    "FormerYear",
    "Picture",
    "ProgramChange",
    "Session",
    "Speaker",
    "Text",
    "published_change",
]
