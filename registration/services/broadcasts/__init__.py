"""Writing to many people: audience, checks, sending and progress."""

from .checking import Finding, check, name_of
from .drafts import begin, choose, copy, drop, fingerprint_of_audience, send_test, set_news, write
from .errors import ChangedMeanwhile, MorePeople, NotADraft, NotReady
from .link_check import check_links
from .progress import Progress, minutes_for, progress_of, trouble_of
from .reach import Reach, reach_of
from .sending import UNDO_FOR, carry_on, schedule, stop, take_back

__all__ = [
    "UNDO_FOR",
    "ChangedMeanwhile",
    "Finding",
    "MorePeople",
    "NotADraft",
    "NotReady",
    "Progress",
    "Reach",
    "begin",
    "carry_on",
    "check",
    "check_links",
    "choose",
    "copy",
    "drop",
    "fingerprint_of_audience",
    "minutes_for",
    "name_of",
    "progress_of",
    "reach_of",
    "schedule",
    "send_test",
    "set_news",
    "stop",
    "take_back",
    "trouble_of",
    "write",
]
