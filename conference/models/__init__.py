"""The program's tables: editions, days, sessions, speakers and the texts around them."""

from .changes import ChangeKind, ProgramChange
from .days import AnnouncedDate, Day, are_over
from .drafts import Draft
from .editions import ClockState, Conference, FormerYear
from .pictures import Picture
from .prepared import NewRow, Prepared, insert, prepared
from .rows import RowQuerySet
from .sessions import FormerSession, Session
from .speakers import Appearance, AppearanceRole, Speaker
from .texts import Text
from .translations import Translated, TranslatedText
from .versions import ContentVersion, raise_content_version

__all__ = [
    "AnnouncedDate",
    "Appearance",
    "AppearanceRole",
    "ChangeKind",
    "ClockState",
    "Conference",
    "ContentVersion",
    "Day",
    "Draft",
    "FormerSession",
    "FormerYear",
    "NewRow",
    "Picture",
    "Prepared",
    "ProgramChange",
    "RowQuerySet",
    "Session",
    "Speaker",
    "Text",
    "Translated",
    "TranslatedText",
    "are_over",
    "insert",
    "prepared",
    "raise_content_version",
]
